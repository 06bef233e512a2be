/**
 * What can be made to go wrong between the gateway and its clients: messages lost, doubled, late or
 * out of order, silence, bytes one by one. For tests of whoever is connected; none of it can be
 * asked for on the wire, and without a rule everything passes as it is.
 */

/** What happens to messages with this number (the first field), the next `count` of them. */
export interface MessageFault {
  readonly message: string;
  /** LATE: kept until `releaseLate`. REORDER: sent after the message that follows it. */
  readonly action: 'DROP' | 'DUPLICATE' | 'LATE' | 'REORDER';
  readonly count: number;
}

interface Rule {
  readonly fault: MessageFault;
  left: number;
}

/** The faults of one client's stream; the server keeps one of these per connection. */
export class FaultyStream {
  readonly #late: string[][] = [];
  #behind: string[][] = [];

  constructor(private readonly rules: FaultRules) {}

  /** Whether a message waits for the one that follows it. */
  get swaps(): boolean {
    return this.#behind.length > 0;
  }

  /** The messages to be sent now in place of this one. */
  pass(fields: string[]): string[][] {
    const action = this.rules.take(fields[0] ?? '');
    const behind = this.#behind;
    if (action === 'REORDER') {
      this.#behind = [...behind, fields];
      return [];
    }
    this.#behind = [];
    if (action === 'LATE') this.#late.push(fields);
    if (action === 'DROP' || action === 'LATE') return behind;
    return action === 'DUPLICATE' ? [fields, fields, ...behind] : [fields, ...behind];
  }

  /** Messages that were kept back. */
  takeLate(): string[][] {
    return [...this.#late.splice(0), ...this.#behind.splice(0)];
  }
}

export class FaultRules {
  #rules: Rule[] = [];
  /** Writes every byte on its own. */
  splitWrites = false;
  /** Clients of these ids hear and say nothing while they are listed. */
  readonly silent = new Set<number>();
  /** The next connection of these client ids is refused with 326. */
  readonly refusedClientIds = new Set<number>();
  /** Taken off the next valid order id that clients are told. */
  idRollback = 0;

  get any(): boolean {
    return this.#rules.length > 0;
  }

  add(fault: MessageFault): void {
    this.#rules.push({ fault, left: fault.count });
  }

  clear(): void {
    this.#rules = [];
    this.splitWrites = false;
    this.silent.clear();
    this.refusedClientIds.clear();
    this.idRollback = 0;
  }

  take(message: string): MessageFault['action'] | null {
    if (this.#rules.length === 0) return null;
    const rule = this.#rules.find(({ fault }) => fault.message === message);
    if (rule === undefined) return null;
    rule.left -= 1;
    if (rule.left <= 0) this.#rules = this.#rules.filter((each) => each !== rule);
    return rule.fault.action;
  }
}
