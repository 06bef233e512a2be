// Owns the small bounded cache behind the calendar's pure functions.
// Must not know what is cached; forgetting an answer only costs the time to work it out again.

const MOST_ENTRIES = 16_384;

/**
 * Gives `work` a memory by its one argument. `work` must be pure. At 16,384 answers the memory is
 * emptied, so a long-running process stays bounded; a call that throws is not remembered.
 */
export function remembered<K, V>(work: (key: K) => V): (key: K) => V {
  const answers = new Map<K, { readonly value: V }>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known.value;
    const value = work(key);
    if (answers.size >= MOST_ENTRIES) answers.clear();
    answers.set(key, { value });
    return value;
  };
}
