// Starts Tidegate as a user does, in folders of its own: the URLs answer, SIGTERM or SIGINT to npm
// ends it in two seconds and leaves nothing running, a second start continues.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './support.mjs';

const START_MS = 120_000;
const STOP_MS = 2_000;

/** Without a program to start there is nothing to try. */
export const canStart = existsSync(join(root, 'src', 'main.ts'));

function launch(folder) {
  const env = {
    ...process.env,
    TIDEGATE_PORT: '0',
    TIDEGATE_GATEWAY_PORT: '0',
    TIDEGATE_DATA_DIR: join(folder, 'data'),
    TIDEGATE_INSTRUCTIONS_DIR: join(folder, 'instructions'),
  };
  const npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { npm, text: '', ended: false };
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (data) => (run.text += data));
  run.end = new Promise((resolve) => npm.once('exit', resolve)).then(() => (run.ended = true));
  return run;
}

async function waitFor(what, limit, look) {
  const until = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > until) throw new Error(`waited ${limit / 1000} s for ${what}`);
    await sleep(20);
  }
}

/** The facts of the banner that the test needs; it is the last thing a start prints of itself. */
async function banner(run) {
  const found = await waitFor('the banner', START_MS, () => {
    if (run.ended) throw new Error('npm start ended by itself');
    return /^ +pid +(\d+)/m.exec(run.text);
  });
  const graphql = /^ +GraphQL +(http:\S+)/m.exec(run.text)?.[1];
  const graphiql = /^ +GraphiQL +(http:\S+)/m.exec(run.text)?.[1];
  if (graphql === undefined || graphiql === undefined) throw new Error('the banner has no URLs');
  const folder = /^ +folder +.*\((\w+)\)/m.exec(run.text)?.[1];
  return { pid: Number(found[1]), graphql, graphiql, folder };
}

async function answers({ graphql, graphiql }) {
  const page = await fetch(graphiql);
  if (!page.ok) throw new Error(`${graphiql} answers ${page.status}`);
  const asked = await fetch(graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  const { data } = await asked.json();
  if (data?.__typename !== 'Query') throw new Error(`${graphql} answers ${JSON.stringify(data)}`);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function stops(run, { pid }, signal) {
  const begun = Date.now();
  run.npm.kill(signal);
  await waitFor('the program to end', 10 * STOP_MS, () => run.ended && !isAlive(pid));
  const took = Date.now() - begun;
  if (took > STOP_MS)
    throw new Error(`it took ${took} ms to end, at most ${STOP_MS} are promised (${signal})`);
}

async function once(folder, state, signal) {
  const run = launch(folder);
  try {
    const facts = await banner(run);
    if (facts.folder !== state) throw new Error(`the folder is ${facts.folder}, not ${state}`);
    await answers(facts);
    await stops(run, facts, signal);
  } catch (error) {
    throw new Error(`${error.message}\n${run.text.slice(-4000)}`, { cause: error });
  } finally {
    if (!run.ended) run.npm.kill('SIGTERM');
    await run.end;
  }
}

/** What is wrong with the start, or undefined. */
export async function startFault() {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-smoke-'));
  try {
    await once(folder, 'new', 'SIGTERM');
    await once(folder, 'continued', 'SIGINT');
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
