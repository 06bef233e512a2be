// What the scripts share: where the project is, hashing its files, one process at a time, and
// running a tool with its output on stderr, because stdout belongs to the verb that is being run.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function isEntryPoint(moduleUrl) {
  const started = process.argv[1];
  return started !== undefined && moduleUrl === pathToFileURL(started).href;
}

/** Files below the given paths (files or folders, relative to the root), sorted. */
export function listFiles(paths) {
  const files = [];
  for (const path of paths) {
    const found = statSync(join(root, path), { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (!found.isDirectory()) {
      files.push(path);
      continue;
    }
    const entries = readdirSync(join(root, path));
    files.push(...listFiles(entries.map((entry) => `${path}/${entry}`)));
  }
  return files.sort();
}

/** Contents, not times: a checkout or a copy changes every time without changing a byte. */
export function hashOf(paths, salt = '') {
  const hash = createHash('sha256').update(salt);
  for (const path of listFiles(paths)) {
    const content = readFileSync(join(root, path));
    hash.update(`\n${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

export function readStamp(path) {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

export function say(text) {
  process.stderr.write(`tidegate: ${text}\n`);
}

/** Runs a program with nothing on stdin and everything it prints on stderr. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) {
    const how = result.signal === null ? `exit code ${result.status}` : result.signal;
    throw new Error(`"${command} ${args.join(' ')}" ended with ${how}`);
  }
}

/** The same beside other work: settles when the program has ended. */
export function runBeside(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      if (code === 0) resolve();
      else reject(new Error(`"${command} ${args.join(' ')}" ended with ${how}`));
    });
  });
}

const typeScript = (project) => [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', project];

export function runTypeScript(project) {
  run(process.execPath, typeScript(project));
}

export function runTypeScriptBeside(project) {
  return runBeside(process.execPath, typeScript(project));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryLock(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The owner of a lock that nobody holds any more, or undefined while it is held. */
function deadOwner(file) {
  try {
    const owner = readFileSync(file, 'utf8');
    const ageMs = Date.now() - statSync(file).mtimeMs;
    // An empty file is an owner between creating and writing, unless it stays empty.
    if (owner === '') return ageMs > 5_000 ? owner : undefined;
    // A pid may belong to another container on the same folder, hence the limit in time.
    return isAlive(Number(owner)) && ageMs < 15 * 60_000 ? undefined : owner;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function dropDeadLock(file, owner) {
  // Rename first: of several that saw the same dead owner, one gets the file. Whoever took a lock
  // that was renewed in between finds another owner in it and gives it back.
  const taken = `${file}.${process.pid}`;
  try {
    renameSync(file, taken);
    if (readFileSync(taken, 'utf8') !== owner && !existsSync(file)) renameSync(taken, file);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(taken, { force: true });
}

/** Runs `work` while no other process of this checkout is in `withLock`. */
export async function withLock(work) {
  const file = join(root, '.cache', 'setup.lock');
  mkdirSync(dirname(file), { recursive: true });
  for (let waits = 0; !tryLock(file); waits += 1) {
    if (waits === 20) say('waiting for another process that installs or builds');
    const owner = deadOwner(file);
    if (owner === undefined) await sleep(100);
    else dropDeadLock(file, owner);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
