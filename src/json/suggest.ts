// "Did you mean": the nearest known word to a mistyped one.
// Must not know what the words are for.

/** Beyond this a word is a text, and comparing it costs more than a suggestion is worth. */
const LONGEST_WORD = 64;

/** The candidate nearest to the word, ignoring case; null where none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST_WORD) return null;
  const wanted = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (Math.abs(wanted.length - candidate.length) > allowed) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The candidate that is nearer than every other one; null where none is near, or two are. */
export function clearlyMeant(word: string, candidates: readonly string[]): string | null {
  const best = didYouMean(word, candidates);
  if (best === null) return null;
  const wanted = word.toLowerCase();
  const distance = editDistance(wanted, best.toLowerCase());
  const rivals = candidates.filter((each) => each !== best);
  const near = rivals.some((each) => editDistance(wanted, each.toLowerCase()) <= distance);
  return near ? null : best;
}

/** Letters to insert, delete, replace or swap with their neighbour. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const change = at(last, j - 1) + (same ? 0 : 1);
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
