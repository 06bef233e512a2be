/** Refusals as data: code, message and the path to the input field at fault. */
import type { Refusal, RefusalCode } from '../domain/refusal';
import type { ApiUserError } from '../schema/payloads';
import { badUserInput } from './errors';

export interface Fault {
  readonly code: RefusalCode;
  readonly message: string;
}
export const fault = (code: RefusalCode, message: string): Fault => ({ code, message });

/** What was found, or why not. */
export type Found<T> = { readonly found: T } | { readonly fault: Fault };

/** Gathers what is wrong with an input, all of it at once. */
export class Faults {
  readonly errors: ApiUserError[] = [];

  constructor(private readonly base: readonly string[]) {}

  get any(): boolean {
    return this.errors.length > 0;
  }

  /** A field within another is named with a dot. */
  add(field: string | null, each: Fault): void {
    const path = field === null ? null : [...this.base, ...field.split('.')];
    this.errors.push({ ...each, field: path });
  }

  /** Notes the fault where there is one. */
  check(field: string, each: Fault | null): void {
    if (each !== null) this.add(field, each);
  }

  /** What was found; undefined, and the fault noted, where nothing was. */
  take<T>(field: string, found: Found<T>): T | undefined {
    if ('found' in found) return found.found;
    this.add(field, found.fault);
    return undefined;
  }
}

/** A refusal by the engine; `paths` says where its fields stand in the input. */
export function refusalError(
  { code, message, field }: Refusal,
  pathOf: (field: string) => readonly string[],
): ApiUserError {
  return { code, message, field: field === null ? null : pathOf(field) };
}

/** The same faults where an answer has no place for them, as in queries and feeds. */
export function refuseInput(errors: readonly ApiUserError[]): never {
  const message = errors.map((error) => error.message).join('; ');
  throw badUserInput(message, { userErrors: errors });
}

/** What was found. @throws GraphQLError BAD_USER_INPUT with why not */
export function mustFind<T>(field: string, found: Found<T>): T {
  if ('found' in found) return found.found;
  return refuseInput([{ ...found.fault, field: [field] }]);
}
