import * as z from 'zod';

/** The licences of Creative Commons by their short names, as addresses in their newest version. */
const CREATIVE_COMMONS: Readonly<Record<string, string>> = {
  CC0: 'https://creativecommons.org/publicdomain/zero/1.0/',
  'CC BY': 'https://creativecommons.org/licenses/by/4.0/',
  'CC BY-SA': 'https://creativecommons.org/licenses/by-sa/4.0/',
  'CC BY-ND': 'https://creativecommons.org/licenses/by-nd/4.0/',
  'CC BY-NC': 'https://creativecommons.org/licenses/by-nc/4.0/',
  'CC BY-NC-SA': 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
  'CC BY-NC-ND': 'https://creativecommons.org/licenses/by-nc-nd/4.0/',
};

/** A name such as `CC BY 4.0`, or the address of a licence; comes out as an address. */
const licenceAddress = z.string().transform((text, context): string => {
  const named =
    CREATIVE_COMMONS[
      text
        .trim()
        .toUpperCase()
        .replace(/ (1|4)\.0$/, '')
    ];
  if (named !== undefined) return named;
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href;
  context.addIssue({
    code: 'custom',
    message: 'it is neither a Creative Commons licence such as CC BY 4.0 nor a web address',
  });
  return z.NEVER;
});

/** What machines may do with the articles: the words of RSL 1.0, section “permits and prohibits”. */
const usage = z.enum(['all', 'ai-all', 'ai-train', 'ai-input', 'ai-index', 'search']);

const rsl = z
  .strictObject({
    /** What crawlers may do. What is neither permitted nor prohibited is not licensed. */
    permits: z.array(usage).default([]),
    /** What they may not do; wins over `permits`. */
    prohibits: z.array(usage).default([]),
    /** What it costs: nothing, or the name of whoever wrote it. */
    payment: z.enum(['free', 'attribution']).optional(),
    /** A page with the terms in words. */
    terms: z.url({ protocol: /^https?$/, error: 'it is not a web address' }).optional(),
  })
  .refine(({ permits, prohibits }) => permits.length + prohibits.length > 0, 'it permits and prohibits nothing');

/** Under which licence all articles are published; without it feeds and pages name none. */
export const licenceSetting = z
  .strictObject({
    /** For people and machines: `CC BY 4.0` and its like, or the address of a licence. */
    url: licenceAddress.optional(),
    /** For crawlers (Really Simple Licensing 1.0): `/license.xml`, and a line in robots.txt. */
    rsl: rsl.optional(),
  })
  .refine(({ url, rsl }) => url !== undefined || rsl !== undefined, 'it needs url, rsl or both');

export type Licence = z.output<typeof licenceSetting>;

/** Where the RSL terms are. */
export const RSL_PATH = '/license.xml';
