import { sha256 } from '../../../shared/hash.ts';
import type { Polling } from '../ports.ts';
import { addressOf, type Source, type SourceState } from '../source.ts';
import { bringItems } from './bring.ts';
import { type Answered, type Look, stateAfter } from './health.ts';

export interface LookPorts extends Polling {
  readonly timeZone: string;
}

interface Place {
  readonly source: Source;
  readonly state: SourceState;
  readonly hasTime: () => boolean;
}

/** Looks at one source and says what is known of it now. Its articles are on the wire by then. */
export const lookAt = async (ports: LookPorts, place: Place): Promise<SourceState> => {
  const { source, state } = place;
  const asked = addressOf(source, state, ports.now());
  const { look, answer } = await lookThere(ports, place, asked);
  return stateAfter({ source, state, look, answer, asked, now: ports.now(), random: ports.random });
};

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5';

interface Looked {
  readonly look: Look;
  readonly answer: Answered | undefined;
}

const lookThere = async (ports: LookPorts, place: Place, asked: string): Promise<Looked> => {
  const { source, state } = place;
  const fetched = await ports.fetch(asked, { headers: { accept: ACCEPT, ...conditions(state, asked) } });
  if (fetched.is !== 'answer') return { look: { is: 'trouble', because: fetched.because }, answer: undefined };
  const { bytes, ...answer } = fetched;
  const other = lookOfStatus(answer.status, asked === source.url);
  if (other) return { look: other, answer };
  const bodyHash = sha256(bytes);
  if (bodyHash === state.bodyHash) return { look: { is: 'unchanged' }, answer };
  const document = await ports.reader.feed({
    bytes,
    contentType: answer.headers['content-type'] ?? '',
    url: answer.url,
    language: source.language,
    timeZone: ports.timeZone,
  });
  if (document.is === 'refused') return { look: { is: 'trouble', because: document.because }, answer };
  const brought = await bringItems(ports, { ...place, items: document.items });
  const refused = [...document.refused, ...brought.refused];
  return {
    look: { is: 'read', ...brought, refused, bodyHash, ttlSeconds: document.ttlSeconds, cursor: null },
    answer,
  };
};

/** RFC 9110 section 13.1: the validators as the source gave them, for the address they were given for. */
const conditions = ({ validators }: SourceState, asked: string): Record<string, string> => {
  if (validators?.url !== asked) return {};
  return {
    ...(validators.etag !== null && { 'if-none-match': validators.etag }),
    ...(validators.lastModified !== null && { 'if-modified-since': validators.lastModified }),
  };
};

const lookOfStatus = (status: number, isGivenAddress: boolean): Look | undefined => {
  if (status === 304) return { is: 'unchanged' };
  if (status >= 200 && status < 300) return undefined;
  // An address that was only learned may be gone while the newsroom's own still leads somewhere.
  if (status === 410 && isGivenAddress) return { is: 'ended', because: 'it says that it is gone for good (410)' };
  return { is: 'trouble', because: `it answered with ${status}` };
};
