import type { AwsRequest } from './request.ts';

/** What befalls a request. `before` the store has seen it, or `after`: then it has taken effect, and only the answer is lost. */
export type Fault =
  /** The connection ends without an answer. */
  | { readonly is: 'reset'; readonly when: When }
  /** The service answers 500, in its own shape. */
  | { readonly is: 'error'; readonly when: When }
  /** No answer ever comes; the client gives up or waits for ever. */
  | { readonly is: 'hang'; readonly when: When }
  /** The process that asked is ended as by a power cut. */
  | { readonly is: 'kill'; readonly when: When }
  /** The process that asked stands still, and goes on when somebody wakes it. */
  | { readonly is: 'freeze'; readonly when: When }
  /** “Too fast”, in the service's own shape; nothing has happened. */
  | { readonly is: 'throttle' }
  | { readonly is: 'slow'; readonly ms: number }
  /** The effect happens twice, as when a client asks again after a lost answer; the second answer is given. */
  | { readonly is: 'repeat' }
  /** Messages that are received come once more. */
  | { readonly is: 'twice' }
  /** Messages that are received come behind those that follow. */
  | { readonly is: 'reorder' };

export type When = 'before' | 'after';

export interface Rule {
  /** A point's name or its beginning (`SES`, `DynamoDB PutItem ledger`), or a pattern. */
  readonly at: string | RegExp;
  /** Only requests of this process. */
  readonly from?: string;
  readonly fault: Fault;
  /** The one request it meets, counted from 1 among those that match; or the share of them, 0 to 1. */
  readonly nth?: number;
  readonly share?: number;
  /** It happens at most so often. */
  readonly most?: number;
}

export interface Rules {
  add(...rules: Rule[]): void;
  clear(): void;
  faultFor(request: AwsRequest): Fault | undefined;
  /** What has happened so far, in words. */
  readonly happened: readonly string[];
}

/** `random` decides for rules that have a share; with a seed it is the same row each time. */
export const openRules = (random: () => number): Rules => {
  let rules: { rule: Rule; met: number; done: number }[] = [];
  const happened: string[] = [];
  const strikes = (one: { rule: Rule; met: number; done: number }, request: AwsRequest): boolean => {
    const { rule } = one;
    if (!matches(rule, request) || one.done >= (rule.most ?? Number.POSITIVE_INFINITY)) return false;
    one.met++;
    if (rule.nth !== undefined) return one.met === rule.nth;
    return rule.share === undefined || random() < rule.share;
  };
  return {
    happened,
    add: (...more) => void rules.push(...more.map((rule) => ({ rule, met: 0, done: 0 }))),
    clear() {
      rules = [];
    },
    faultFor(request) {
      // Every rule counts what it meets, also where another one strikes.
      const [struck] = rules.filter((one) => strikes(one, request));
      if (!struck) return undefined;
      struck.done++;
      happened.push(`${nameOf(struck.rule.fault)} at ${request.point} of ${request.from}`);
      return struck.rule.fault;
    },
  };
};

const matches = ({ at, from }: Rule, request: AwsRequest): boolean =>
  (from === undefined || from === request.from) &&
  (typeof at === 'string' ? request.point === at || request.point.startsWith(`${at} `) : at.test(request.point));

const nameOf = (fault: Fault): string => ('when' in fault ? `${fault.is} ${fault.when}` : fault.is);
