/** The version of this Tidegate, as its package says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function version(): string {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  const { version: number } = JSON.parse(text) as { readonly version: string };
  return number;
}
