/**
 * The map of the house: what there is, what starts it, what it may touch. `infra/aws` turns it into CDK constructs,
 * `infra/local` into a run on this machine. A function sees a store as an environment variable: `TABLE_WIRE`,
 * `BUCKET_PUBLIC`, `QUEUE_FEEDS` (its address); all get `SITE_URL`, `TEMPLATES_DIR` and `COURANT_VERSION`.
 * Whoever sends mail gets `SES_CONFIGURATION_SET`, whoever hears of mails `SES_TOPIC_ARN`.
 */

/** Tables have the keys `pk` and `sk`, and one sparse index named `index` over `ipk` and `isk`. */
export const tables = {
  wire: { holds: 'entries, current articles, identities, drafts, remembered answers', expires: true },
  feeds: { holds: 'the cursor of the feeds, and their lists' },
  sources: { holds: 'sources, what is known of them, when they are due', index: true },
  subscribers: { holds: 'subscribers, subscriptions, consent', index: true, expires: true },
  ledger: { holds: 'editions and their pages of deliveries', index: true },
  clicks: { holds: 'what was clicked within the last minutes, until it is a number', expires: true, forgets: true },
  pace: { holds: 'who is sending mail at this moment, and what SES allows them together' },
  jobs: { holds: 'long work: how far it is, and what became of it', index: true, expires: true },
  keys: { holds: 'hashes of newsroom keys, and the keys that sign links' },
} as const satisfies Record<string, TableSpec>;

export const buckets = {
  public: { holds: 'feeds, as CloudFront serves them' },
  private: {
    holds: 'long article texts, composed editions, the inbox for files, files of jobs',
    keeps: { 'jobs/': 7, 'inbox-taken/': 90, 'inbox-refused/': 90 },
    forgets: ['jobs/'],
  },
} as const satisfies Record<string, BucketSpec>;

/** Each has a dead-letter queue that takes a message after its fifth failure, and an alarm on that. */
export const queues = {
  feeds: { says: 'the wire has grown', visibilitySeconds: 360 },
  sources: { says: 'sources of a host are due', visibilitySeconds: 1800 },
  confirmations: { says: 'a confirmation is waiting', visibilitySeconds: 360 },
  welcomes: { says: 'somebody new has a welcome to come', visibilitySeconds: 360 },
  editions: { says: 'look at this edition', visibilitySeconds: 1800 },
  pages: { says: 'a page of deliveries is ready', visibilitySeconds: 360 },
  feedback: { says: 'what became of a mail (from SES by SNS)', visibilitySeconds: 180, from: 'ses' },
  articleJobs: { says: 'an import of articles has something to do', visibilitySeconds: 1080 },
  subscriberJobs: { says: 'an import or export of subscribers has something to do', visibilitySeconds: 720 },
} as const satisfies Record<string, QueueSpec>;

export const functions = {
  site: {
    entry: 'functions/site/site.lambda.ts',
    trigger: { http: ['/', '/{proxy+}'] },
    tables: { wire: 'read', feeds: 'read', ledger: 'read', keys: { read: ['TOKENS#links'] } },
    buckets: { private: { read: ['bodies/', 'editions/'] } },
    memoryMb: 512,
    timeoutSeconds: 10,
  },
  go: {
    entry: 'functions/site/go.lambda.ts',
    trigger: { http: ['/go/{proxy+}'] },
    tables: { wire: 'read', clicks: 'write', keys: { read: ['TOKENS#links'] } },
    memoryMb: 512,
    timeoutSeconds: 10,
  },
  description: {
    entry: 'functions/site/description.lambda.ts',
    trigger: { http: ['/openapi.json', '/docs'] },
    memoryMb: 512,
    timeoutSeconds: 10,
  },
  articles: {
    entry: 'functions/ingest/articles.lambda.ts',
    trigger: { http: ['/api/v1/articles', '/api/v1/articles/{proxy+}', '/api/v1/wire'] },
    tables: { wire: 'write', keys: 'write' },
    buckets: { private: { write: ['bodies/'] } },
    rings: ['feeds'],
    memoryMb: 1024,
    timeoutSeconds: 20,
  },
  articleImports: {
    entry: 'functions/ingest/import.lambda.ts',
    trigger: { http: ['/api/v1/articles:import'] },
    tables: { jobs: 'write', keys: 'read' },
    buckets: { private: { write: ['jobs/'] } },
    rings: ['articleJobs'],
    memoryMb: 512,
    timeoutSeconds: 20,
  },
  articleJobs: {
    entry: 'functions/ingest/importJobs.lambda.ts',
    trigger: { queue: 'articleJobs', batch: 1, atOnce: 2 },
    tables: { wire: 'write', jobs: 'write' },
    buckets: { private: { write: ['bodies/', 'jobs/'] } },
    rings: ['articleJobs', 'feeds'],
    memoryMb: 3008,
    timeoutSeconds: 180,
  },
  inbox: {
    entry: 'functions/ingest/inbox.lambda.ts',
    trigger: { every: 'minute' },
    tables: { wire: 'write' },
    buckets: { private: { write: ['bodies/', 'inbox/', 'inbox-taken/', 'inbox-refused/'] } },
    rings: ['feeds'],
    memoryMb: 1024,
    timeoutSeconds: 300,
  },
  sources: {
    entry: 'functions/ingest/sources/sources.lambda.ts',
    trigger: { http: ['/api/v1/sources', '/api/v1/sources/{proxy+}'] },
    tables: { sources: 'write', keys: 'write' },
    rings: ['sources'],
    memoryMb: 512,
    timeoutSeconds: 10,
  },
  hooks: {
    entry: 'functions/ingest/hooks.lambda.ts',
    trigger: { http: ['/hooks/{proxy+}'] },
    tables: { sources: 'write', wire: 'write', keys: { read: ['TOKENS#hooks'] } },
    buckets: { private: { write: ['bodies/'] } },
    rings: ['sources', 'feeds'],
    memoryMb: 1024,
    timeoutSeconds: 20,
  },
  sourcesSweep: {
    entry: 'functions/ingest/sources/sweep.lambda.ts',
    trigger: { every: 'minute' },
    tables: { sources: 'write' },
    rings: ['sources'],
    memoryMb: 256,
    timeoutSeconds: 30,
  },
  sourcesPoll: {
    entry: 'functions/ingest/sources/poll.lambda.ts',
    threads: ['functions/ingest/sources/reading/read.worker.ts'],
    trigger: { queue: 'sources', batch: 10, atOnce: 2 },
    tables: { sources: 'write', wire: 'write' },
    buckets: { private: { write: ['bodies/'] } },
    rings: ['feeds'],
    memoryMb: 1769,
    timeoutSeconds: 300,
  },
  signup: {
    entry: 'functions/subscribers/signup.lambda.ts',
    trigger: {
      http: [
        '/subscribe',
        '/confirm/{proxy+}',
        '/preferences',
        '/preferences/{proxy+}',
        '/unsubscribe/{proxy+}',
        '/api/v1/subscribers/{proxy+}',
      ],
    },
    tables: { subscribers: 'write', keys: 'write' },
    rings: ['confirmations'],
    memoryMb: 512,
    timeoutSeconds: 10,
  },
  subscribers: {
    entry: 'functions/subscribers/newsroom.lambda.ts',
    trigger: {
      http: [
        '/api/v1/subscribers',
        '/api/v1/subscribers/counts',
        '/api/v1/subscribers/growth',
        '/api/v1/subscribers/import',
        '/api/v1/subscribers/export',
      ],
    },
    tables: { subscribers: 'read', jobs: 'write', keys: 'write' },
    buckets: { private: { write: ['jobs/'] } },
    rings: ['subscriberJobs'],
    memoryMb: 512,
    timeoutSeconds: 20,
  },
  subscriberJobs: {
    entry: 'functions/subscribers/jobs.lambda.ts',
    trigger: { queue: 'subscriberJobs', batch: 1, atOnce: 2 },
    tables: { subscribers: 'write', jobs: 'write', keys: 'write' },
    buckets: { private: { write: ['jobs/'] } },
    rings: ['subscriberJobs'],
    memoryMb: 1024,
    timeoutSeconds: 120,
  },
  subscriberCounts: {
    entry: 'functions/subscribers/counting/count.lambda.ts',
    trigger: { every: 'minute' },
    tables: { subscribers: 'write' },
    memoryMb: 512,
    timeoutSeconds: 55,
  },
  jobs: {
    entry: 'functions/shared/job/jobs.lambda.ts',
    trigger: { http: ['/api/v1/jobs/{proxy+}'] },
    tables: { jobs: 'write', keys: 'read' },
    buckets: { private: { write: ['jobs/'] } },
    rings: ['subscriberJobs', 'articleJobs'],
    memoryMb: 256,
    timeoutSeconds: 20,
  },
  jobsSweep: {
    entry: 'functions/shared/job/sweep.lambda.ts',
    trigger: { every: 'minute' },
    tables: { jobs: 'read' },
    rings: ['subscriberJobs', 'articleJobs'],
    memoryMb: 256,
    timeoutSeconds: 30,
  },
  newsletters: {
    entry: 'functions/digest/newsletters.lambda.ts',
    trigger: {
      http: [
        '/api/v1/newsletters',
        '/api/v1/newsletters/{proxy+}',
        '/api/v1/editions/{proxy+}',
        '/preview/editions/{proxy+}',
      ],
    },
    tables: { ledger: 'write', wire: 'read', subscribers: 'read', keys: 'read' },
    buckets: { private: { read: ['bodies/', 'editions/'] } },
    rings: ['editions'],
    // A test mail, for an editor to look at.
    sendsMail: true,
    memoryMb: 1024,
    timeoutSeconds: 25,
  },
  clock: {
    entry: 'functions/wire/clock.lambda.ts',
    trigger: { every: 'minute' },
    tables: { wire: 'write' },
    buckets: { private: { write: ['bodies/'] } },
    rings: ['feeds'],
    memoryMb: 512,
    timeoutSeconds: 55,
  },
  feedsSweep: {
    entry: 'functions/feeds/sweep.lambda.ts',
    trigger: { every: 'minute' },
    tables: { wire: 'read', feeds: 'read' },
    rings: ['feeds'],
    memoryMb: 256,
    timeoutSeconds: 30,
  },
  feedsBuild: {
    entry: 'functions/feeds/build.lambda.ts',
    trigger: { queue: 'feeds', batch: 10, atOnce: 2 },
    tables: { wire: 'read', feeds: 'write' },
    buckets: { public: 'write', private: { read: ['bodies/'] } },
    memoryMb: 1024,
    timeoutSeconds: 60,
  },
  confirmationsSweep: {
    entry: 'functions/subscribers/sweep.lambda.ts',
    trigger: { every: 'minute' },
    tables: { subscribers: 'read' },
    rings: ['confirmations'],
    memoryMb: 256,
    timeoutSeconds: 30,
  },
  confirmationsSend: {
    entry: 'functions/subscribers/confirm.lambda.ts',
    trigger: { queue: 'confirmations', batch: 10, atOnce: 2 },
    tables: { subscribers: 'write', keys: 'write', pace: 'write' },
    rings: ['welcomes'],
    sendsMail: true,
    memoryMb: 512,
    timeoutSeconds: 60,
  },
  welcomesSend: {
    entry: 'functions/digest/welcome.lambda.ts',
    trigger: { queue: 'welcomes', batch: 10, atOnce: 2 },
    tables: { ledger: 'read', wire: 'read', subscribers: 'write', keys: 'write', pace: 'write' },
    buckets: { private: { read: ['bodies/'] } },
    sendsMail: true,
    memoryMb: 1024,
    timeoutSeconds: 60,
  },
  editionsSweep: {
    entry: 'functions/digest/sweep.lambda.ts',
    trigger: { every: 'minute' },
    tables: { ledger: 'write', wire: 'read' },
    buckets: { private: { read: ['bodies/'] } },
    rings: ['editions', 'pages'],
    memoryMb: 256,
    timeoutSeconds: 55,
  },
  editionsArchive: {
    entry: 'functions/digest/archive.lambda.ts',
    trigger: { every: 'minute' },
    tables: { ledger: 'write', wire: 'read' },
    buckets: { public: 'write', private: { read: ['bodies/', 'editions/'] } },
    memoryMb: 512,
    timeoutSeconds: 55,
  },
  clicks: {
    entry: 'functions/digest/clicks.lambda.ts',
    trigger: { every: 'minute' },
    tables: { clicks: 'write', ledger: 'write' },
    memoryMb: 256,
    timeoutSeconds: 55,
  },
  editionsPlan: {
    entry: 'functions/digest/plan.lambda.ts',
    trigger: { queue: 'editions', batch: 1, atOnce: 4 },
    tables: { ledger: 'write', wire: 'read', subscribers: 'read', keys: { write: ['TOKENS#links'] } },
    buckets: { private: { read: ['bodies/'], write: ['editions/'] } },
    rings: ['pages', 'editions'],
    // Before an edition goes out: whether SES would take it.
    asksMail: true,
    memoryMb: 1769,
    timeoutSeconds: 300,
  },
  pagesSend: {
    entry: 'functions/digest/send.lambda.ts',
    // More pages than are sent at the same time: while some are claimed or settled, others' mails go out.
    trigger: { queue: 'pages', batch: 10, atOnce: 2 },
    tables: { ledger: 'write', wire: 'read', subscribers: 'read', keys: { write: ['TOKENS#links'] }, pace: 'write' },
    buckets: { private: { read: ['bodies/', 'editions/'] } },
    rings: ['editions', 'pages'],
    sendsMail: true,
    memoryMb: 1769,
    timeoutSeconds: 60,
  },
  feedback: {
    entry: 'functions/feedback/feedback.lambda.ts',
    trigger: { queue: 'feedback', batch: 250, gatherSeconds: 2, atOnce: 2 },
    tables: { ledger: 'write', subscribers: 'write', keys: 'read' },
    rings: ['editions'],
    memoryMb: 1769,
    timeoutSeconds: 30,
  },
} as const satisfies Record<string, FunctionSpec>;

/** Paths that CloudFront takes from the public bucket; everything else goes to the HTTP API. Keys are the paths. */
export const servedFromBucket = ['/feeds/*'] as const;

export const NODE_RUNTIME = 'nodejs24.x';
export const CONFIGURATION_SET = 'courant';
/** After this many failures a message is set aside. */
export const MOST_RECEIVES = 5;

export type TableName = keyof typeof tables;
export type BucketName = keyof typeof buckets;
export type QueueName = keyof typeof queues;
export type FunctionName = keyof typeof functions;

interface TableSpec {
  readonly holds: string;
  readonly index?: boolean;
  /** Items with an `expiresAtSeconds` in the past may be removed by the table. */
  readonly expires?: boolean;
  /** What is removed is gone: there is no going back to a moment when it was there. */
  readonly forgets?: boolean;
}

interface BucketSpec {
  readonly holds: string;
  /** How many days objects are kept whose key begins so; others for ever. */
  readonly keeps?: Readonly<Record<string, number>>;
  /** Objects whose key begins so hold people's data: what was deleted or written over is gone a day later, not in 30. */
  readonly forgets?: readonly string[];
}

/**
 * What a function may do with a store; `write` includes reading. By name only with what is named: objects whose key
 * begins so, items of these partitions.
 */
export type Grant = 'read' | 'write' | { readonly read?: readonly string[]; readonly write?: readonly string[] };

interface QueueSpec {
  readonly says: string;
  readonly visibilitySeconds: number;
  readonly from?: 'ses';
}

export interface FunctionSpec {
  readonly entry: `functions/${string}.lambda.ts`;
  /** Files that it starts as threads; bundled, they lie beside its own. */
  readonly threads?: readonly `functions/${string}.worker.ts`[];
  readonly trigger: Trigger;
  readonly tables?: Partial<Record<TableName, Grant>>;
  readonly buckets?: Partial<Record<BucketName, Grant>>;
  readonly rings?: readonly QueueName[];
  readonly sendsMail?: boolean;
  /** May ask SES how the account stands, and send nothing. */
  readonly asksMail?: boolean;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

export type Trigger =
  /** Routes of the HTTP API; the longest that matches wins. */
  | { readonly http: readonly string[] }
  /**
   * `batch`: messages at a time; `atOnce`: how many of this function run at the same time (2 is the least SQS takes). For
   * more than ten at a time the queue gathers them for so many seconds, and SQS wants it said.
   */
  | { readonly queue: QueueName; readonly batch: number; readonly gatherSeconds?: number; readonly atOnce: number }
  | { readonly every: 'minute' };

/** The environment variable that names a store: `TABLE_WIRE`, `QUEUE_FEEDS`. */
export const variableOf = (kind: 'TABLE' | 'BUCKET' | 'QUEUE', name: string): string => `${kind}_${name.toUpperCase()}`;
