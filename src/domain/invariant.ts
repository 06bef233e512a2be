/** What must hold after every event. A breach is never repaired in passing: trading halts. */

export class InvariantBreach extends Error {
  override readonly name = 'InvariantBreach';
}

/**
 * Checked in production too.
 * @throws InvariantBreach with the sentence that does not hold
 */
export function invariant(holds: boolean, sentence: () => string): asserts holds {
  if (!holds) throw new InvariantBreach(sentence());
}
