import type { House } from '../shared/page/house.ts';
import type { Doorbell } from '../shared/storage/doorbell.ts';
import type { Table } from '../shared/storage/table.ts';
import type { Instant } from '../shared/time.ts';
import type { Links } from './links.ts';
import type { ConfirmationDoorbell, NetworkLimit, Subscribers } from './ports.ts';

/** What the routes of this room work with. */
export interface SignupPorts {
  readonly house: House;
  readonly subscribers: Subscribers;
  readonly links: Links;
  readonly networkLimit: NetworkLimit;
  readonly bell: Doorbell<ConfirmationDoorbell>;
  /** Where the newsroom keys are known. */
  readonly keys: Table;
  readonly now: () => Instant;
}
