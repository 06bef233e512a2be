// Owns the way to the reference data that lies beside the checkout and never enters it.
// Must not know what a test does with it. Where the folder is absent, as on a fresh clone
// elsewhere, the tests that need it say so in one line and show as skipped.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(process.cwd(), '..', 'shared', 'data');
const present = existsSync(root);

if (!present) {
  process.stderr.write('Skipping tests against reference data: ../shared/data is missing.\n');
}

/** The path of a file or folder of the reference data, whether it exists or not. */
export function sharedData(...parts: readonly string[]): string {
  return resolve(root, ...parts);
}

/** `it` where the reference data is present, `it.skip` where it is not. */
export const itWithSharedData = present ? it : it.skip;

/** `describe` where the reference data is present, `describe.skip` where it is not. */
export const describeWithSharedData = present ? describe : describe.skip;
