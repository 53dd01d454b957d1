import type { JobOffice } from '../shared/job/start.ts';
import type { House } from '../shared/page/house.ts';
import type { Doorbell } from '../shared/storage/doorbell.ts';
import type { Table } from '../shared/storage/table.ts';
import type { Instant } from '../shared/time.ts';
import type { Growth } from './counting/growth.dynamo.ts';
import type { Links } from './links.ts';
import type { Directory } from './listing/directory.dynamo.ts';
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

/** What the newsroom's own routes work with: lists, numbers, long work. */
export interface NewsroomPorts extends JobOffice {
  readonly house: Pick<House, 'newsroom'>;
  readonly subscribers: Pick<Subscribers, 'byAddress' | 'byIds' | 'record'>;
  readonly directory: Directory;
  readonly growth: Growth;
  readonly newJobId: () => string;
  /** Where the newsroom keys are known. */
  readonly keys: Table;
}
