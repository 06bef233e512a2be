// Finds the browser for tests of pages: CHROMIUM_PATH, or where the distribution puts it. Where
// there is none the tests show as skipped, except in CI, where they fail.

import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const present = existsSync(path);
const required = process.env['CI'] === 'true';

if (!present) {
  process.stderr.write(`No Chromium at ${path}: set CHROMIUM_PATH to test the pages.\n`);
}

/** `describe` where a browser is present or required, `describe.skip` elsewhere. */
export const describeWithBrowser = present || required ? describe : describe.skip;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    // Containers give neither the rights for a sandbox nor much shared memory.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}
