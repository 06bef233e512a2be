/**
 * What a verb tells its caller when it cannot do its work: a text for a person and an exit code.
 */

/**
 * 1: error; 2: wrong usage or an invalid file; 3: refused by the server; 4: the answer was lost, so
 * that it may have been done.
 */
export type ExitCode = 1 | 2 | 3 | 4;

export class VerbError extends Error {
  override readonly name = 'VerbError';
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
