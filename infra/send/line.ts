import { z } from 'zod';

/** What the newsroom API says of an edition, as far as it is shown here. */
export const editionAnswer = z.object({
  id: z.string(),
  state: z.string(),
  pausedBecause: z.string().optional(),
  sendsAt: z.string().optional(),
  preflight: z
    .object({ refusals: z.array(z.object({ language: z.string().optional(), sentence: z.string() })) })
    .nullish(),
  deliveries: z.object({
    audience: z.int(),
    sent: z.int(),
    failed: z.int(),
    suppressed: z.int(),
    unknown: z.int(),
    cancelled: z.int(),
  }),
  progress: z.object({
    done: z.int(),
    of: z.int(),
    perSecond: z.number().nullable(),
    etaSeconds: z.int().nullable(),
    waitsUntil: z.string().optional(),
    resumesAround: z.string().optional(),
  }),
});
export type EditionAnswer = z.infer<typeof editionAnswer>;

const WIDTH = 30;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `sending  ███████▌                 12,400 of 50,000   13.8/s   45 min 24 s to go`. */
export const progressLine = ({ state, pausedBecause, sendsAt, progress }: EditionAnswer): string => {
  const { done, of, perSecond } = progress;
  const filled = of === 0 ? 0 : (done / of) * WIDTH;
  const bar = `${'█'.repeat(Math.floor(filled))}${EIGHTHS[Math.floor((filled % 1) * 8)] ?? ''}`.padEnd(WIDTH);
  const parts = [
    state.padEnd(8),
    bar,
    `${number(done)} of ${number(of)}`,
    perSecond === null ? '' : `${perSecond}/s`,
    restOf(progress, state),
    state === 'approved' && sendsAt !== undefined ? `goes out on ${sendsAt.slice(0, 10)} at ${momentOf(sendsAt)}` : '',
    state === 'paused' && pausedBecause !== undefined ? `(${pausedBecause})` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
};

const restOf = ({ etaSeconds, waitsUntil, resumesAround }: EditionAnswer['progress'], state: string): string => {
  if (waitsUntil !== undefined) return `some readers have it; the others get it from ${momentOf(waitsUntil)}`;
  const rest = etaSeconds === null ? '' : `${duration(etaSeconds)} to go`;
  if (resumesAround === undefined) return state === 'sending' ? rest : '';
  if (state === 'paused')
    return [`goes on by itself around ${dayAndMoment(resumesAround)}`, rest].filter(Boolean).join(', ');
  const until = `the day’s quota ends before that and is back around ${dayAndMoment(resumesAround)}`;
  return [rest, until].filter(Boolean).join(': ');
};

/** `4 May, 08:00 UTC`. */
const dayAndMoment = (moment: string): string =>
  `${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(moment))}, ${momentOf(moment)}`;

const momentOf = (moment: string): string => `${moment.slice(11, 16)} UTC`;

/** The two largest units say enough. */
export const duration = (seconds: number): string => {
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const from = units.findIndex(([count]) => count > 0);
  if (from < 0) return '0 s';
  return units
    .slice(from, from + 2)
    .flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : []))
    .join(' ');
};

/** Why it is held, a line for each reason: in which languages, where it is not all of them. */
export const refusalLines = ({ preflight }: EditionAnswer): string[] => {
  const languages = Map.groupBy(preflight?.refusals ?? [], ({ sentence }) => sentence);
  return [...languages].map(([sentence, refusals]) => {
    const named = refusals.flatMap(({ language }) => language ?? []);
    return `  ${named.length > 0 ? `${named.join(', ')}: ` : ''}${sentence}`;
  });
};

/** What became of it, in a sentence. */
export const summary = ({ deliveries }: EditionAnswer): string => {
  const { audience, sent, failed, suppressed, unknown, cancelled } = deliveries;
  const others = Object.entries({ failed, suppressed, unknown, cancelled })
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${number(count)} ${word}`);
  return `${[`${number(sent)} of ${number(audience)} sent`, ...others].join(', ')}.`;
};

const number = (count: number): string => count.toLocaleString('en');
