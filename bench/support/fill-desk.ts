// A desk whose fills are told by the engine's own feed to whoever subscribes through the real
// schema. The fills are made up, so that no decision and no journal is measured with them.

import type { GraphQLSchema } from 'graphql';
import { money, price, quantity } from '../../src/domain/decimal';
import type { JournalRecord } from '../../src/domain/event';
import { Feed } from '../../src/engine/feed';
import type { ApiContext } from '../../src/resolvers/context';
import { buildApiSchema } from '../../src/resolvers/schema';
import { openApi } from '../../test/support/api-kit';
import { ACCOUNT } from '../../test/support/trading-kit';

export const INSTRUMENT = 'AAPL';
const AT = Date.UTC(2026, 0, 5, 14, 30);

/** Knows how many have subscribed to it, none of whom leaves. */
class CountedFeed extends Feed {
  subscribers = 0;
  override facts: Feed['facts'] = (...asked) => {
    this.subscribers += 1;
    return super.facts(...asked);
  };
}

export class FillDesk {
  readonly schema: GraphQLSchema = buildApiSchema();
  readonly #feed: CountedFeed;

  private constructor(
    private readonly parts: Omit<ApiContext, 'feed'>,
    journal: ConstructorParameters<typeof Feed>[0]['journal'],
  ) {
    this.#feed = new CountedFeed({ journal });
  }

  static async open(): Promise<FillDesk> {
    const { context, trading } = await openApi({ symbols: [INSTRUMENT] });
    return new FillDesk(context, trading.journal);
  }

  get context(): ApiContext {
    return { ...this.parts, feed: this.#feed };
  }
  get subscribers(): number {
    return this.#feed.subscribers;
  }

  /** Tells all subscribers of a fill of this id. */
  publish(execId: string): void {
    const { state } = this.parts.engine;
    const fill = {
      ...{ execId, order: null, strategy: null, account: ACCOUNT, instrument: INSTRUMENT },
      ...({ side: 'BUY', quantity: quantity('10'), price: price('189.2'), at: AT } as const),
    };
    const booked = { holdingAfter: quantity('10'), realized: money('0') };
    const record: JournalRecord = {
      ...{ sequence: this.#feed.head + 1, inputId: 'bench', at: AT, hash: '' },
      event: { type: 'OrderFilled', fill, ...booked },
    };
    this.#feed.folded(record, state);
    this.#feed.committed();
  }
}
