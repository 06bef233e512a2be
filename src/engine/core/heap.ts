/**
 * A binary heap of things by a number, smallest first; each carries a second number. In columns,
 * because an object for each of a million entries would cost three times the memory, and the
 * collector of garbage a look at every one. Knows nothing of prices.
 */

export class Heap<T> {
  readonly #keys: number[] = [];
  readonly #items: T[] = [];
  readonly #marks: number[] = [];

  get size(): number {
    return this.#keys.length;
  }
  /** The smallest key; Infinity when empty. */
  get least(): number {
    return this.#keys[0] ?? Infinity;
  }
  /** What the thing with the smallest key carries; 0 when empty. */
  get leastMark(): number {
    return this.#marks[0] ?? 0;
  }

  push(key: number, item: T, mark: number): void {
    let at = this.#keys.length;
    this.#keys.push(key);
    this.#items.push(item);
    this.#marks.push(mark);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#keys[parent] as number) <= key) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, { key, item, mark });
  }

  /** Removes and returns the item with the smallest key. */
  pop(): T | undefined {
    const top = this.#items[0];
    const key = this.#keys.pop();
    const item = this.#items.pop();
    const mark = this.#marks.pop();
    if (key === undefined || this.#keys.length === 0) return top;
    this.#sink({ key, item: item as T, mark: mark as number });
    return top;
  }

  /** Puts an entry into the empty place at the top and moves it down to where it belongs. */
  #sink(entry: Entry<T>): void {
    const size = this.#keys.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && (this.#keys[right] as number) < (this.#keys[child] as number)) {
        child = right;
      }
      if ((this.#keys[child] as number) >= entry.key) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, entry);
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from] as number;
    this.#items[to] = this.#items[from] as T;
    this.#marks[to] = this.#marks[from] as number;
  }

  #put(at: number, { key, item, mark }: Entry<T>): void {
    this.#keys[at] = key;
    this.#items[at] = item;
    this.#marks[at] = mark;
  }
}

interface Entry<T> {
  readonly key: number;
  readonly item: T;
  readonly mark: number;
}
