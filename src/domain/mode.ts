/** Which world the books are of. It stands in every answer, so that nobody mistakes one. */

/** REPLAY has no broker link; DEMO trades on the embedded gateway, PAPER on a paper account. */
export type Mode = 'REPLAY' | 'DEMO' | 'PAPER';
