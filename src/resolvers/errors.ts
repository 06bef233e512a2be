/**
 * Top-level errors: broken requests and ended feeds, each with a code. Why a well-formed request
 * was not carried out is data instead: see user-errors.ts.
 */
import { GraphQLError } from 'graphql';
import type { SlowConsumer } from '../engine/feed';
import { EngineStopped } from '../engine/engine-stopped';

/** The request itself is wrong: a name nobody knows, a number out of range. */
export function badUserInput(
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, code: 'BAD_USER_INPUT' } });
}

/** The end of a feed whose subscriber fell behind: it says where to go on. */
export function slowConsumer({ message, code, sequence }: SlowConsumer): GraphQLError {
  return new GraphQLError(message, { extensions: { code, sequence: String(sequence) } });
}

/** The code that a port's own error carries, if it does. */
function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

/** Failures of the engine and the history in codes of the API; all others stay as they are. */
export function codedError(cause: unknown): unknown {
  if (cause instanceof EngineStopped) {
    return unavailable(
      'The engine has stopped and takes nothing in. The log says why; it starts again with the ' +
        'process.',
    );
  }
  if (!(cause instanceof Error) || cause instanceof GraphQLError) return cause;
  // A cursor of another list.
  if (codeOf(cause) === 'INVALID') return badUserInput(cause.message);
  return codeOf(cause) === 'HISTORY_UNAVAILABLE' ? unavailable(cause.message) : cause;
}

function unavailable(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'ENGINE_UNAVAILABLE' } });
}
