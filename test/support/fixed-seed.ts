// Property tests draw the same cases on every machine, so that a change is judged by itself; with
// RANDOM_RUNS they draw new ones, and a case that fails there becomes a test of its own.

import fc from 'fast-check';

if (process.env['RANDOM_RUNS'] === undefined) fc.configureGlobal({ seed: 20_261_121 });
