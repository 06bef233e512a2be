// Installs the dependencies when package.json, the lock file or a vendored package changed since
// the last time, so that every command works on a fresh clone. Must not import a dependency.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isEntryPoint, readStamp, root, run, say, withLock } from './support.mjs';

// In node_modules, so that it goes when they go.
const STAMP = 'node_modules/.tidegate-stamp';

function wanted() {
  // Native packages are installed for one platform: a folder carried to another is not up to date.
  const platform = `${process.platform} ${process.arch}`;
  return hashOf(['package.json', 'package-lock.json', 'vendor'], platform);
}

function install() {
  say('installing dependencies (npm install), this takes about half a minute');
  // Not "npm ci": it refuses a lock file whose optional packages for other platforms are missing
  // from a mirror. With --no-save the lock file is obeyed and left as it is. --include=dev because
  // the compiler is needed even where NODE_ENV says production.
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev'];
  run('npm', ['install', ...options], { shell: process.platform === 'win32' });
}

/** Installs if needed; returns whether it did. */
export async function bootstrap() {
  if (readStamp(STAMP) === wanted()) return false;
  return withLock(() => {
    // Another process may have installed while this one waited.
    if (readStamp(STAMP) === wanted()) return false;
    install();
    writeFileSync(join(root, STAMP), `${wanted()}\n`);
    return true;
  });
}

if (isEntryPoint(import.meta.url)) {
  await bootstrap().catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
