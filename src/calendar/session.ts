// Owns the words of the calendar: what a session is, and what one calendar must be able to answer.
// Must not know any exchange, any date or how the answers are found.

/** One trading session of a calendar. */
export interface Session {
  /** The exchange's own calendar date, yyyy-mm-dd. */
  readonly date: string;
  /** First instant of the session, epoch milliseconds UTC. */
  readonly open: number;
  /** Last instant of the session, epoch milliseconds UTC: a trade stamped exactly then counts. */
  readonly close: number;
}

/** What `sessions.ts` needs from a calendar; day numbers are those of `dates.ts`. */
export interface Calendar {
  /** IANA name of the zone its dates are counted in. */
  readonly zone: string;
  /** First and last date it answers for, both included. */
  readonly firstDate: string;
  readonly lastDate: string;
  /** The session of a covered day, undefined when it is closed. */
  readonly sessionOfDay: (day: number) => Session | undefined;
  /** The date, yyyy-mm-dd, that the zone's wall clock shows at an instant. */
  readonly dateAt: (at: number) => string;
  /** Whether the wall clock at an instant is within extended hours, whatever the date. */
  readonly inExtendedHours: (at: number) => boolean;
}
