/** What every resolver works with. The server makes one for each request. */
import type { Desk } from '../domain/desk';
import type { History } from '../domain/ports';
import type { Feed } from '../engine/feed';
import type { Engine } from '../engine/loop';

export interface ApiContext {
  readonly engine: Engine;
  readonly feed: Feed;
  readonly history: History;
  readonly desk: Desk;
  /** Who asks, as access control named them; stands in the journal beside what they set. */
  readonly principal?: string;
}
