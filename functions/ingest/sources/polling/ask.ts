import { sha256 } from '../../../shared/hash.ts';
import type { Polling } from '../ports.ts';
import type { ForeignDocument } from '../reading/found.ts';
import type { Source, SourceState } from '../source.ts';
import type { Answered, Look } from './health.ts';

/** A source, and where it is asked this time. */
export interface Place {
  readonly source: Source;
  readonly state: SourceState;
  /** The address of the source, or the one it has moved to. */
  readonly asked: string;
  readonly hasTime: () => boolean;
}

export interface Looked {
  readonly look: Look;
  readonly answer: Answered | undefined;
}

interface Came {
  readonly is: 'document';
  readonly document: ForeignDocument;
  readonly bodyHash: string;
  readonly answer: Answered;
}

const ACCEPT =
  'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5';

/** Asks for a source's document, sparing the source what we have already. */
export const askFor = async (
  { fetch, timeZone }: Polling,
  { source, state, asked }: Place,
  url: string,
): Promise<Came | ({ readonly is: 'looked' } & Looked)> => {
  const fetched = await fetch(url, { headers: { accept: ACCEPT, ...conditions(state, url) } });
  if (fetched.is !== 'answer') {
    return { is: 'looked', look: { is: 'trouble', because: fetched.because }, answer: undefined };
  }
  const { bytes, ...answer } = fetched;
  const other = lookOfStatus(answer.status, asked === source.url);
  if (other) return { is: 'looked', look: other, answer };
  const bodyHash = sha256(bytes);
  if (bodyHash === state.bodyHash) return { is: 'looked', look: { is: 'unchanged' }, answer };
  const contentType = answer.headers['content-type'] ?? '';
  const document = { bytes, contentType, url: answer.url, language: source.language, timeZone };
  return { is: 'document', document, bodyHash, answer };
};

/** RFC 9110 section 13.1: the validators as the source gave them, for the address they were given for. */
const conditions = ({ validators }: SourceState, url: string): Record<string, string> => {
  if (validators?.url !== url) return {};
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
