import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dynamoJobs } from '../../functions/shared/job/jobs.dynamo.ts';
import { type JobRunner, runJob } from '../../functions/shared/job/runJob.ts';
import { cancelJob, makeJob, startJob } from '../../functions/shared/job/start.ts';
import { ringForIdle } from '../../functions/shared/job/sweep.ts';
import { addMs, DAY_MS, MINUTE_MS } from '../../functions/shared/time.ts';
import { IMPORT, importKind } from '../../functions/subscribers/importing/importJob.ts';
import { columnsOf } from '../../functions/subscribers/importing/reading/columns.ts';
import { openFile, readRows } from '../../functions/subscribers/importing/reading/pages.ts';
import { signUp } from '../../functions/subscribers/joining/signUp.ts';
import { leave } from '../../functions/subscribers/leaving/leave.ts';
import type { Subscriber } from '../../functions/subscribers/subscriber.ts';
import { suppressed } from '../../functions/subscribers/suppress.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryJobFiles } from '../support/memoryJobFiles.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aNewsroom } from './aNewsroom.ts';
import { aMember, aWish, NEWSLETTER, START, seenAt } from './aSubscriber.ts';
import { subscribersOn } from './everyTable.ts';

const CONSENT = { statement: 'They ticked the box on our conference form.', by: 'Eva Marín', since: '2024-05-31' };
const JOB = '01JOB00000000000000000000A';

let power = Number.POSITIVE_INFINITY;
/** Every operation on any store; the one that finds no power left dies before it takes effect. */
const operation = (): void => {
  if (power-- <= 0) throw new Error('The power is gone.');
};

/** The house as far as an import needs it, over stores in memory. */
const aHouse = (rowsOfASlice = 3) => {
  let now = START;
  const clock = () => now;
  const table = memoryTable(operation);
  const files = memoryJobFiles(clock, operation);
  const bell = memoryDoorbell<{ job: string }>();
  let counted = 0;
  const newId = () => (counted++).toString(16).padStart(32, '0');
  const jobs = dynamoJobs({ table: memoryTable(operation), newId });
  const subscribers = subscribersOn(table);
  const office = { jobs, files, bellOf: () => bell, now: clock };
  const runner: JobRunner = {
    jobs,
    files,
    bell,
    now: clock,
    kinds: { [IMPORT]: importKind({ newsroom: aNewsroom(), subscribers, files, rows: rowsOfASlice, atOnce: 4 }) },
    newClaim: newId,
    workMs: 10_000,
    leaseMs: 90_000,
  };
  return {
    table,
    files,
    jobs,
    bell,
    subscribers,
    office,
    runner,
    wait: (ms: number) => {
      now = addMs(now, ms);
    },
    async begin(input: string | Uint8Array, over: object = {}) {
      const how = { newsletter: NEWSLETTER, consent: CONSENT, dryRun: false, columns: {}, ...over };
      const wish = { id: JOB, kind: IMPORT, queue: 'subscriberJobs', how, unit: 'bytes', needsInput: true };
      await makeJob(office, wish, { bytes: Buffer.from(input), contentType: 'text/csv' });
    },
    /** Hears every bell, and the sweep's after it, until the job is over. */
    async untilOver() {
      for (let turns = 0; turns < 200; turns++) {
        const job = await jobs.byId(JOB);
        if (job?.state !== 'running') break;
        for (const message of bell.rung.splice(0)) await runJob(runner, message);
        now = addMs(now, MINUTE_MS * 2);
        await ringForIdle({ jobs, bellOf: () => bell, now: clock });
      }
      const job = await jobs.byId(JOB);
      if (!job) throw new Error('There is no job.');
      return job;
    },
    report(key: string | undefined) {
      return key === undefined
        ? []
        : files
            .text(key)
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line));
    },
    /** Everybody who is there, by address: what an import is to leave the same, however it went. */
    async readers() {
      const ids = table.items().filter(({ sk }) => sk === 'SUBSCRIBER');
      const found = await subscribers.byIds(ids.map(({ pk }) => pk.slice('SUBSCRIBER#'.length)));
      const byAddress = found.sort((a, b) => (a.address < b.address ? -1 : 1));
      return Object.fromEntries(byAddress.map((one) => [one.address, one] as const));
    },
  };
};

const imported = async (input: string | Uint8Array, over: object = {}) => {
  const house = aHouse();
  await house.begin(input, over);
  const job = await house.untilOver();
  return { house, job, report: house.report(job.files.report?.key), readers: await house.readers() };
};

const CSV = [
  'email,language,topics,cadence,status',
  'ana@x.example,fr,"Climat, mobility",daily,subscribed',
  'ben@x.example,Español,,,',
  'not an address,,,,',
  'cid@x.example,de,,,',
  'dan@x.example,,gardening,,',
  'eva@x.example,,,hourly,',
  'fay@x.example,,,,unsubscribed',
  'ANA@x.example,,,,',
  `${'g'.repeat(320)}@x.example,,,,`,
  'hal@x.example,,,,pending',
].join('\r\n');

describe('an import', () => {
  test('brings good rows in, with the statement in their record, and names every other row by its line', async () => {
    const { job, report, readers } = await imported(CSV);
    expect(job).toMatchObject({ state: 'done', input: null });
    expect(job.counts).toEqual({ joined: 2, asked: 1, refused: 5, 'left-there': 1, repeated: 1 });
    expect(report.map(({ line, field, is }) => [line, is, field])).toEqual([
      [4, 'refused', 'address'],
      [5, 'refused', 'languages'],
      [6, 'refused', 'topics'],
      [7, 'refused', 'cadence'],
      [8, 'left-there', undefined],
      [9, 'repeated', 'address'],
      [10, 'refused', 'address'],
    ]);
    expect(readers['ana@x.example']?.subscriptions).toMatchObject([
      { state: 'active', languages: ['fr'], topics: ['climate', 'mobility'], cadence: 'daily', confirmedAt: START },
    ]);
    expect(readers['ana@x.example']?.consent[0]).toMatchObject({
      what: 'joined',
      circumstances: { page: 'import', statement: { text: CONSENT.statement, by: 'Eva Marín', since: '2024-05-31' } },
    });
    expect(readers['ben@x.example']?.subscriptions[0]).toMatchObject({ languages: ['es'], cadence: 'weekly' });
    // Of this one the file itself says that he never confirmed.
    expect(readers['hal@x.example']?.subscriptions[0]).toMatchObject({
      state: 'pending',
      asked: { mail: { state: 'due' } },
    });
  });

  test('leaves no file behind that holds addresses', async () => {
    const { house } = await imported(CSV);
    for (const [key, bytes] of house.files.files)
      expect([key, Buffer.from(bytes).includes('x.example')]).toEqual([key, false]);
  });

  test('without a statement asks everybody by one mail, a hundred a minute', async () => {
    const rows = Array.from({ length: 250 }, (_, i) => `r${i}@x.example`);
    const house = aHouse(100);
    await house.begin(['email', ...rows].join('\n'), { consent: null });
    expect((await house.untilOver()).counts).toEqual({ asked: 250 });
    const due = async (minutes: number) =>
      (await house.subscribers.due(addMs(START, minutes * MINUTE_MS), 1000)).length;
    expect([await due(0), await due(1), await due(2)]).toEqual([99, 199, 250]);
    expect(
      Object.values(await house.readers()).every(({ subscriptions }) => subscriptions[0]?.state === 'pending'),
    ).toBe(true);
  });

  test('changes nothing of what a person chose, and brings nobody back', async () => {
    const house = aHouse();
    const there = async (address: string, move: (one: Subscriber) => Subscriber) => {
      const before = await house.subscribers.open(address, START);
      await house.subscribers.save(before, move({ ...aMember(), id: before.id, address, version: 0 }));
    };
    await there('stays@x.example', (one) => one);
    await there('left@x.example', (one) => leave(one, NEWSLETTER, seenAt(START)).subscriber);
    await there('bounced@x.example', (one) => suppressed(one, 'bounce', START).subscriber);
    await there('angry@x.example', (one) => suppressed(one, 'complaint', START).subscriber);
    const before = await house.readers();
    await house.begin('email,cadence\nstays@x.example,daily\nleft@x.example,\nbounced@x.example,\nangry@x.example,\n');
    expect((await house.untilOver()).counts).toEqual({ known: 1, 'has-left': 1, suppressed: 2 });
    expect(await house.readers()).toEqual(before);
  });

  test.each([
    ['tried', true, []],
    ['done', false, ['ben@x.example']],
  ])('brings no address back that a reader moved away from, %s or not; its owner may', async (_, dryRun, others) => {
    const moved = { from: 'ana@old.example', to: 'ana@new.example' };
    const house = aHouse();
    const { subscribers } = house;
    const before = await subscribers.open(moved.from, START);
    await subscribers.save(before, { ...aMember(), id: before.id, address: moved.from, version: 0 });
    const ana = await subscribers.open(moved.from, START);
    await subscribers.claimAddress(ana.id, moved.to, START);
    await subscribers.save(ana, { ...ana, address: moved.to });
    await subscribers.settleAddress(ana.id, { keep: moved.to, release: moved.from });
    await house.begin(`email\n${moved.from}\nben@x.example\n`, { dryRun });
    expect((await house.untilOver()).counts).toEqual({ 'has-left': 1, joined: 1 });
    expect(Object.keys(await house.readers())).toEqual([moved.to, ...others]);
    const anew = await subscribers.open(moved.from, START);
    expect([anew.id === ana.id, anew.version]).toEqual([false, 0]);
    expect(signUp(anew, aWish(START), START).is).toBe('mail-due');
  });

  test('adds a further newsletter to somebody who has another', async () => {
    const house = aHouse();
    const before = await house.subscribers.open('ana@x.example', START);
    await house.subscribers.save(before, { ...aMember(), id: before.id, address: 'ana@x.example', version: 0 });
    await house.begin('email\nana@x.example\n', { newsletter: 'ferries' });
    expect((await house.untilOver()).counts).toEqual({ joined: 1 });
    const reader = (await house.readers())['ana@x.example'];
    expect(reader?.subscriptions.map(({ newsletter, state }) => [newsletter, state])).toEqual([
      [NEWSLETTER, 'active'],
      ['ferries', 'active'],
    ]);
  });

  test('that is only tried says the same and changes nothing', async () => {
    const { job, readers, house } = await imported(CSV, { dryRun: true });
    expect(job.counts).toMatchObject({ joined: 3, refused: 5, 'left-there': 1 });
    expect(readers).toEqual({});
    expect(house.table.items()).toEqual([]);
  });

  test('of a file in which no column is an address fails with a sentence that names the columns', async () => {
    const { job } = await imported('first,last\nAna,B\n');
    expect(job.state).toBe('failed');
    expect(job.because).toContain('“first”, “last”');
  });

  test('takes columns for what the caller says they are', async () => {
    const { job } = await imported('Kontakt,Takt\nana@x.example,daily\n', {
      columns: { kontakt: 'address', Takt: 'cadence' },
    });
    expect(job.counts).toEqual({ joined: 1 });
  });
});

describe('whoever dies', () => {
  const lines = [
    'email,cadence',
    ...Array.from({ length: 8 }, (_, i) => `r${i}@x.example,${i % 2 ? 'daily' : ''}`),
    'bad',
    'r3@x.example,',
  ];
  const input = lines.join('\n');
  const facts = async (house: ReturnType<typeof aHouse>) => {
    const job = await house.untilOver();
    const readers = Object.values(await house.readers()).map(({ address, subscriptions, consent }) => ({
      address,
      subscriptions,
      consent: consent.map(({ what, circumstances }) => ({ what, circumstances })),
    }));
    return { counts: job.counts, state: job.state, report: house.report(job.files.report?.key), readers };
  };

  test('at any operation of an import leaves every row done once, counted once, told once', async () => {
    const undisturbed = aHouse();
    await undisturbed.begin(input);
    const expected = await facts(undisturbed);
    expect(expected.counts).toEqual({ joined: 8, refused: 1, repeated: 1 });
    for (let at = 0, died = true; died; at++) {
      const house = aHouse();
      await house.begin(input);
      power = at;
      died = await runJob(house.runner, { job: JOB }).then(
        () => false,
        () => true,
      );
      power = Number.POSITIVE_INFINITY;
      const found = await facts(house);
      // Of an address that stands twice in a slice, either row may be the one that is in.
      expect({ ...found, readers: found.readers.map(withoutRow) }, `died at ${at}`).toEqual({
        ...expected,
        readers: expected.readers.map(withoutRow),
      });
      if (!died) expect(at).toBeGreaterThan(50);
    }
  }, 60_000);

  const withoutRow = ({
    subscriptions,
    ...rest
  }: {
    subscriptions: Subscriber['subscriptions'];
    address: string;
    consent: object;
  }) => ({
    ...rest,
    subscriptions: subscriptions.map(({ imported: _, ...one }) => one),
  });

  test('and two workers at once count nothing twice', async () => {
    const house = aHouse();
    await house.begin(input);
    await Promise.all([runJob(house.runner, { job: JOB }), runJob(house.runner, { job: JOB })]);
    expect((await facts(house)).counts).toEqual({ joined: 8, refused: 1, repeated: 1 });
  });

  test('always at the same place ends the job after five times, with what was done', async () => {
    const house = aHouse();
    await house.begin(input);
    const broken = {
      ...house.runner,
      kinds: { [IMPORT]: { ...house.runner.kinds[IMPORT], slice: () => Promise.reject(new Error('no')) } },
    };
    for (let tries = 0; tries < 6; tries++) {
      await runJob(broken as JobRunner, { job: JOB }).catch(() => undefined);
      house.wait(DAY_MS);
    }
    expect(await house.jobs.byId(JOB)).toMatchObject({ state: 'failed', input: null });
  });
});

describe('a job', () => {
  test('waits for its file, and begins once however often it is started', async () => {
    const house = aHouse();
    const wish = {
      id: JOB,
      kind: IMPORT,
      queue: 'subscriberJobs',
      how: { newsletter: NEWSLETTER, consent: null, dryRun: false, columns: {} },
      unit: 'bytes',
      needsInput: true,
    };
    const { job, upload } = await makeJob(house.office, wish);
    expect(job.state).toBe('waiting-for-input');
    expect(upload?.url).toContain(JOB);
    await expect(startJob(house.office, job)).rejects.toThrow('not there yet');
    await house.files.write(job.input ?? '', new Uint8Array(), 'text/csv');
    await expect(startJob(house.office, job)).rejects.toThrow('empty');
    await house.files.write(job.input ?? '', Buffer.from('email\nana@x.example\n'), 'text/csv');
    await Promise.all([startJob(house.office, job), startJob(house.office, job)]);
    expect(house.bell.rung).toEqual([{ job: JOB }]);
    expect((await house.untilOver()).counts).toEqual({ asked: 1 });
  });

  test('that was cancelled stays cancelled, whoever is still at work on it', async () => {
    const house = aHouse();
    await house.begin(CSV);
    const job = await house.jobs.byId(JOB);
    if (!job) throw new Error('There is no job.');
    const [cancelled] = await Promise.all([
      cancelJob(house.office, job),
      runJob(house.runner, { job: JOB }).catch(() => undefined),
    ]);
    expect(cancelled.state).toBe('cancelled');
    expect(await house.jobs.byId(JOB)).toMatchObject({ state: 'cancelled', input: null });
    expect(house.files.files.has(`jobs/${JOB}/input`)).toBe(false);
  });
});

const NO_WISH = {};
const rowsIn = (input: Uint8Array) => {
  const { form, place } = openFile(input, NO_WISH, true);
  const { rows } = readRows(input.subarray(place.offset), form, place, { most: 10_000, atEnd: true, wanted: NO_WISH });
  return { form, rows };
};

describe('a file', () => {
  const text = 'email;langue\r\n"ana@exämple.org";"fr"\r\n\r\nben@x.example;es\r\n';
  test.each([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 of Windows', Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'utf-16be'],
    ['what Excel writes in Western Europe', Buffer.from(text, 'latin1'), 'windows-1252'],
  ])('in %s is read letter by letter, with its lines', (_, bytes, encoding) => {
    const { form, rows } = rowsIn(bytes);
    expect(form).toMatchObject({ format: 'csv', encoding, separator: ';' });
    expect(rows).toEqual([
      { line: 2, row: 1, values: { address: 'ana@exämple.org', languages: 'fr' } },
      { line: 4, row: 2, values: { address: 'ben@x.example', languages: 'es' } },
    ]);
  });

  test.each([
    ['tabs', 'email\tlang\na@x.example\tfr'],
    ['bars', 'email|lang\na@x.example|fr'],
    ['a line that says so', 'sep=;\r\nemail;lang\r\na@x.example;fr'],
    ['old line ends', 'email,lang\ra@x.example,fr\r'],
  ])('separated by %s', (_, input) => {
    expect(rowsIn(Buffer.from(input)).rows.map(({ values }) => values)).toEqual([
      { address: 'a@x.example', languages: 'fr' },
    ]);
  });

  test.each([
    ['an array', '[{"email":"a@x.example","topics":["climate"]},\n {"email":"b@x.example","n":{"x":"}"}}]'],
    ['lines', '{"email":"a@x.example","topics":["climate"]}\n{"email":"b@x.example"}\n'],
  ])('in JSON as %s', (_, input) => {
    expect(rowsIn(Buffer.from(input)).rows.map(({ line, values }) => [line, values])).toEqual([
      [1, { address: 'a@x.example', topics: ['climate'] }],
      [2, { address: 'b@x.example' }],
    ]);
  });

  test('with a quote that never closes loses that row and no other', () => {
    const { rows } = rowsIn(
      Buffer.from(`email,name\na@x.example,"oops\nb@x.example,ok\n${'c@x.example,x\n'.repeat(10_000)}`),
    );
    expect(rows[0]?.trouble).toContain('never closed');
    expect(rows.filter(({ trouble }) => trouble === undefined)).toHaveLength(10_001 - 2);
  });

  test('with letters that are none names the row', () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffemail\n'),
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from('b@x.example\n'),
    ]);
    const { rows } = rowsIn(bytes);
    expect(rows.map(({ trouble }) => trouble === undefined)).toEqual([false, true]);
  });

  test('with broken JSON names the line, and goes on', () => {
    const { rows } = rowsIn(Buffer.from('{"email":"a@x.example"}\n{"email":}\nnonsense\n{"email":"b@x.example"}\n'));
    expect(rows.map(({ line, trouble }) => [line, trouble === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, false],
      [4, true],
    ]);
  });

  test('that was exported safe for spreadsheets gives back the same addresses', () => {
    expect(
      rowsIn(Buffer.from('"email"\r\n"\'=cmd|x@x.example"\r\n"o\'b@x.example"\r\n')).rows.map(
        ({ values }) => values.address,
      ),
    ).toEqual(['=cmd|x@x.example', "o'b@x.example"]);
  });

  test('is read in pieces of any size as in one, and as another reader reads it', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', ' ', ';'), maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, field), { maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        (records, most) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const input = Buffer.from(['email,lang', ...records.map((one) => one.map(quoted).join(','))].join('\n'));
          const { form, place: start } = openFile(input, NO_WISH, true);
          const found: (readonly [unknown, unknown])[] = [];
          for (let place = start; place.offset < input.length; ) {
            const { rows, next } = readRows(input.subarray(place.offset), form, place, {
              most,
              atEnd: true,
              wanted: NO_WISH,
            });
            found.push(...rows.map(({ values }) => [values.address ?? '', values.languages ?? ''] as const));
            place = next;
          }
          const blankless = (text: string) => (text.trim() === '' ? '' : text);
          const other = (parse(input, { from_line: 2 }) as string[][]).map((one) => one.map(blankless));
          expect(found).toEqual(other.filter((one) => one.some((text) => text !== '')));
        },
      ),
    );
  });
});

describe('columns', () => {
  const understood = (header: string) =>
    Object.fromEntries(columnsOf(header.split(',')).flatMap(({ name, is }) => (is ? [[is, name]] : [])));

  test.each([
    [
      'Mailchimp',
      'Email Address,First Name,Last Name,Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,TIMEZONE,LANGUAGE,UNSUB_TIME,TAGS',
      {
        address: 'Email Address',
        since: 'OPTIN_TIME',
        timeZone: 'TIMEZONE',
        languages: 'LANGUAGE',
        leftAt: 'UNSUB_TIME',
      },
    ],
    [
      'Ghost',
      'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels',
      { address: 'email', state: 'subscribed_to_emails', since: 'created_at', leftAt: 'deleted_at' },
    ],
    [
      'listmonk',
      'uuid,email,name,attributes,status,created_at,updated_at',
      { address: 'email', state: 'status', since: 'created_at' },
    ],
    [
      'a French office',
      'Nom,Adresse électronique,Langue,Thèmes,Fréquence',
      { address: 'Adresse électronique', languages: 'Langue', topics: 'Thèmes', cadence: 'Fréquence' },
    ],
    [
      'a Spanish office',
      'Nombre,Correo electrónico,Idioma,Temas,Frecuencia',
      { address: 'Correo electrónico', languages: 'Idioma', topics: 'Temas', cadence: 'Frecuencia' },
    ],
    [
      'our own export',
      'email,newsletter,state,languages,topics,cadence,timeZone,confirmedAt,leftAt,suppressed,createdAt,id',
      {
        address: 'email',
        state: 'state',
        languages: 'languages',
        topics: 'topics',
        cadence: 'cadence',
        timeZone: 'timeZone',
        leftAt: 'leftAt',
        since: 'confirmedAt',
      },
    ],
  ])('of %s are understood', (_, header, expected) => {
    expect(understood(header)).toEqual(expected);
  });
});
