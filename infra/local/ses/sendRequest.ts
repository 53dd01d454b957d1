import { type Form, members, SesError } from './protocol.ts';
import { headerNamed, headersOf, readable } from './rawMail.ts';

/** A mail that SES would take. */
export interface AcceptedMail {
  readonly source: string;
  readonly destinations: readonly string[];
  /** Decoded. */
  readonly subject: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string | null;
  readonly raw: Buffer;
  /** SES found malware in it: taken, and never delivered. */
  readonly infected: boolean;
}

const MOST_MAIL_BYTES = 10 * 1024 * 1024;
const MOST_RECIPIENTS = 50;
/** RFC 5322 section 2.1.1, without the CRLF. */
const MOST_LINE_BYTES = 998;
/** The harmless file that every virus scanner knows. */
const EICAR = 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE';

/** Reads a SendRawEmail form and turns down what SES turns down. */
export const readSendRequest = (form: Form): AcceptedMail => {
  const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64');
  if (raw.length === 0) throw invalid('Missing required parameter RawMessage.Data.');
  if (raw.length > MOST_MAIL_BYTES) throw invalid(`Message length is more than ${MOST_MAIL_BYTES} bytes long.`);
  checkLines(raw);
  const headers = headersOf(raw);
  checkHeaders(headers.map(({ name }) => name));
  const source = form.get('Source') ?? addressesIn(headerNamed(headers, 'From'))[0] ?? '';
  checkAddress(source);
  return {
    source,
    destinations: destinationsOf(form, headerNamed(headers, 'To')),
    subject: readable(headerNamed(headers, 'Subject') ?? ''),
    tags: tagsOf(form),
    configurationSet: form.get('ConfigurationSetName') ?? null,
    raw,
    infected: raw.includes(EICAR),
  };
};

const invalid = (message: string): SesError => new SesError('InvalidParameterValue', message);

const checkLines = (raw: Buffer): void => {
  for (let start = 0; start < raw.length; ) {
    const end = raw.indexOf(10, start);
    const length = (end < 0 ? raw.length : end) - start;
    if (length > MOST_LINE_BYTES + 1) throw invalid('The message contains a line over 998 characters.');
    if (end < 0) return;
    start = end + 1;
  }
};

/** Headers that SES refuses twice, as far as a newsletter has them. */
const SINGLE = new Set(
  `From To Cc Subject Date Message-ID Reply-To Sender MIME-Version Content-Type Content-Language Auto-Submitted
  Precedence List-Id List-Help List-Archive List-Post List-Unsubscribe List-Unsubscribe-Post`
    .toLowerCase()
    .split(/\s+/),
);

const checkHeaders = (names: readonly string[]): void => {
  const lower = names.map((name) => name.toLowerCase());
  if (!lower.includes('from')) throw invalid("Missing required header 'From'.");
  const wrong = names.find((name) => !/^[!-9;-~]+$/.test(name));
  if (wrong !== undefined) throw invalid(`Invalid header field name '${wrong}'.`);
  const twice = names.find((_, i) => SINGLE.has(lower[i] ?? '') && lower.indexOf(lower[i] ?? '') !== i);
  if (twice !== undefined) throw invalid(`Duplicate header '${twice}'.`);
};

const destinationsOf = (form: Form, to: string | undefined): string[] => {
  const named = members(form, 'Destinations');
  const destinations = named.length > 0 ? named : addressesIn(to);
  if (destinations.length === 0) throw invalid('Missing required parameter Destinations.');
  if (destinations.length > MOST_RECIPIENTS) throw invalid(`Recipient count exceeds ${MOST_RECIPIENTS}.`);
  destinations.forEach(checkAddress);
  return destinations;
};

const addressesIn = (value: string | undefined): string[] =>
  (value ?? '').split(',').flatMap((one) => /<([^>]*)>/.exec(one)?.[1] ?? (one.trim() || []));

const checkAddress = (address: string): void => {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 0) throw invalid("Missing final '@domain'");
  if (/[\s\p{Cc}\p{Cf}]/u.test(address)) throw invalid('Local address contains control or whitespace');
  if (local === '' || local.length > 64 || /[^!-~]|[,;:<>()[\]"\\]/.test(local)) throw invalid('Illegal address');
  if (domain.length > 253 || !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain)) {
    throw invalid('Domain contains illegal character');
  }
};

/** Beside these two, which become the Feedback-ID header, a tag's name has the alphabet of its value. */
const FEEDBACK_TAG = /^ses:feedback-id-[ab]$/;
const TAG = /^[A-Za-z0-9_-]{1,255}$/;

const tagsOf = (form: Form): Record<string, string> => {
  const tags: Record<string, string> = {};
  for (let i = 1; form.has(`Tags.member.${i}.Name`); i++) {
    const name = form.get(`Tags.member.${i}.Name`) ?? '';
    const value = form.get(`Tags.member.${i}.Value`) ?? '';
    const only = "only alphanumeric ASCII characters, '_', and '-' are allowed.";
    if (!TAG.test(name) && !FEEDBACK_TAG.test(name)) throw invalid(`Invalid tag name <${name}>: ${only}`);
    if (!TAG.test(value)) throw invalid(`Invalid tag value <${value}>: ${only}`);
    if (name in tags) throw invalid(`Duplicate tag name <${name}>.`);
    tags[name] = value;
  }
  return tags;
};
