/** A binary heap of things by a number, smallest first. Knows nothing of prices. */

export class Heap<T> {
  readonly #keys: number[] = [];
  readonly #items: T[] = [];

  get size(): number {
    return this.#keys.length;
  }
  /** The smallest key; Infinity when empty. */
  get least(): number {
    return this.#keys[0] ?? Infinity;
  }

  push(key: number, item: T): void {
    let at = this.#keys.length;
    this.#keys.push(key);
    this.#items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentKey = this.#keys[parent] as number;
      if (parentKey <= key) break;
      this.#keys[at] = parentKey;
      this.#items[at] = this.#items[parent] as T;
      at = parent;
    }
    this.#keys[at] = key;
    this.#items[at] = item;
  }

  /** Removes and returns the item with the smallest key. */
  pop(): T | undefined {
    const top = this.#items[0];
    const key = this.#keys.pop();
    const item = this.#items.pop();
    if (key === undefined || this.#keys.length === 0) return top;
    this.#sink(key, item as T);
    return top;
  }

  /** Puts an entry into the empty place at the top and moves it down to where it belongs. */
  #sink(key: number, item: T): void {
    const size = this.#keys.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && (this.#keys[right] as number) < (this.#keys[child] as number)) {
        child = right;
      }
      const childKey = this.#keys[child] as number;
      if (childKey >= key) break;
      this.#keys[at] = childKey;
      this.#items[at] = this.#items[child] as T;
      at = child;
    }
    this.#keys[at] = key;
    this.#items[at] = item;
  }
}
