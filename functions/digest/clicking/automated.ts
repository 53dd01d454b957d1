import { isbot } from 'isbot';

interface Seen {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Longer ones are nobody's browser, and patterns cost by the character. */
const MOST_CHARACTERS = 1000;

/** Whether a request tells by itself that nobody clicked: it is a program, or a browser that fetches in advance. */
export const looksAutomated = ({ method, headers }: Seen): boolean => {
  const agent = (headers['user-agent'] ?? '').slice(0, MOST_CHARACTERS);
  if (method === 'HEAD' || agent === '' || isInAdvance(headers) || isbot(agent)) return true;
  return saysHowItFetches(agent) && headers['sec-fetch-mode'] !== 'navigate';
};

/** `Sec-Purpose: prefetch` and `prefetch;prerender` (Fetch standard), `Purpose: prefetch` of older browsers. */
const isInAdvance = (headers: Seen['headers']): boolean =>
  [headers['sec-purpose'], headers['purpose']].some((purpose) => purpose?.toLowerCase().includes('prefetch'));

/**
 * Browsers that send `Sec-Fetch-Mode` with every request over HTTPS, by MDN's browser-compat-data: Chromium from 76 and
 * Edge from 79, Firefox from 90, Safari from 16.4. Who bears the name of one and sends none is a program in disguise. Of
 * other browsers (those of iOS that are not Safari, those inside of apps) the name tells nothing.
 */
const saysHowItFetches = (agent: string): boolean => {
  const chromium = /\bChrom(?:e|ium)\/(\d{1,4})/.exec(agent);
  if (chromium) return Number(chromium[1]) >= 79;
  const firefox = /\bFirefox\/(\d{1,4})/.exec(agent);
  if (firefox) return Number(firefox[1]) >= 90;
  const safari = /\bVersion\/(\d{1,3})\.(\d{1,3})[\d.]* (?:Mobile\/\w+ )?Safari\//.exec(agent);
  return safari !== null && Number(safari[1]) + Number(safari[2]) / 1000 >= 16.004;
};
