/**
 * The broker's directory: numbers, names and venues of the instruments. Contract numbers of known
 * shares are the broker's own, published ones; others get numbers of ours, far above.
 */
import type { Instrument } from '../../domain/instrument';
import type { Listing } from './market';

type Known = readonly [conId: number, name: string, venue: string, type: Listing['stockType']];

const KNOWN: Readonly<Record<string, Known>> = {
  AAPL: [265598, 'APPLE INC', 'NASDAQ', 'COMMON'],
  AIG: [61319701, 'AMERICAN INTERNATIONAL GROUP', 'NYSE', 'COMMON'],
  AMZN: [3691937, 'AMAZON.COM INC', 'NASDAQ', 'COMMON'],
  BAC: [10098, 'BANK OF AMERICA CORP', 'NYSE', 'COMMON'],
  DIS: [6459, 'WALT DISNEY CO/THE', 'NYSE', 'COMMON'],
  IBM: [8314, 'INTL BUSINESS MACHINES CORP', 'NYSE', 'COMMON'],
  JPM: [1520593, 'JPMORGAN CHASE & CO', 'NYSE', 'COMMON'],
  KO: [8894, 'COCA-COLA CO/THE', 'NYSE', 'COMMON'],
  MSFT: [272093, 'MICROSOFT CORP', 'NASDAQ', 'COMMON'],
  NVDA: [4815747, 'NVIDIA CORP', 'NASDAQ', 'COMMON'],
  SPY: [756733, 'SS SPDR S&P 500 ETF TRUST-US', 'ARCA', 'ETF'],
  TSLA: [76792991, 'TESLA INC', 'NASDAQ', 'COMMON'],
};
const VENUES: Readonly<Record<string, string>> = { XNAS: 'NASDAQ', XNYS: 'NYSE', ARCX: 'ARCA' };
const FIRST_OWN_NUMBER = 900_000_001;

/** Lists instruments in their order; the same list gives the same numbers. */
export function listingsOf(instruments: readonly Instrument[]): Listing[] {
  let own = FIRST_OWN_NUMBER;
  return instruments.map((instrument) => {
    const known = KNOWN[instrument.symbol];
    if (known !== undefined) {
      const [conId, longName, primaryExchange, stockType] = known;
      return { instrument: { ...instrument, conId }, conId, longName, primaryExchange, stockType };
    }
    const conId = own;
    own += 1;
    const primaryExchange = VENUES[instrument.exchange] ?? 'NYSE';
    const longName = instrument.symbol;
    const listed = { ...instrument, conId };
    return { instrument: listed, conId, longName, primaryExchange, stockType: 'COMMON' };
  });
}
