/** What was probably meant by a word nobody knows. */
import { didYouMean } from '../json/suggest';

/** The nearest of the known words; null when none is near. */
export function suggest(word: string, known: readonly string[]): string | null {
  return didYouMean(word, known) ?? null;
}
