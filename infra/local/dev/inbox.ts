import { simpleParser } from 'mailparser';

/** A mail as `/dev/inbox.json` lists it. */
export interface Mail {
  readonly id: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly at: string;
  /** The whole message as it went to SES. */
  readonly raw: string;
}

interface Message {
  readonly html: string;
  readonly text: string;
  readonly headers: readonly { readonly name: string; readonly line: string }[];
}

export const messageOf = async (mail: Mail): Promise<Message> => {
  const parsed = await simpleParser(mail.raw, { skipImageLinks: true, skipTextToHtml: true, skipHtmlToText: true });
  return {
    html: parsed.html || '',
    text: parsed.text ?? '',
    headers: parsed.headerLines.map(({ key, line }) => ({ name: key, line: line.slice(line.indexOf(':') + 1).trim() })),
  };
};

export const inboxPage = (mails: readonly Mail[], to: string | undefined): string =>
  document(
    'Inbox',
    `<h1>Inbox</h1>
<p>Every mail this newsroom sent on this machine${to ? ` to ${escaped(to)}` : ''}, newest first. Nothing leaves it.
<a href="/dev/inbox.json">As JSON</a></p>
${mails.length === 0 ? '<p>No mail yet. <a href="/subscribe">Sign up</a> and look again.</p>' : `<ul class="mails">${mails.map(row).join('')}</ul>`}`,
    '<meta http-equiv="refresh" content="5">',
  );

const row = (mail: Mail): string =>
  `<li><a href="/dev/inbox/${encodeURIComponent(mail.id)}"><strong>${escaped(mail.subject || '(no subject)')}</strong>
<span>${escaped(mail.to.join(', '))}</span><time>${escaped(mail.at)}</time></a></li>`;

export const mailPage = (mail: Mail, message: Message): string =>
  document(
    mail.subject,
    `<p><a href="/dev/inbox">← Inbox</a></p>
<h1>${escaped(mail.subject)}</h1>
<p>To ${escaped(mail.to.join(', '))}, ${escaped(mail.at)} · <a href="/dev/inbox/${encodeURIComponent(mail.id)}/raw">raw message</a></p>
<iframe title="The mail as HTML" src="/dev/inbox/${encodeURIComponent(mail.id)}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<h2>Text part</h2><pre>${escaped(message.text)}</pre>
<h2>Headers</h2><dl>${message.headers.map(({ name, line }) => `<dt>${escaped(name)}</dt><dd>${escaped(line)}</dd>`).join('')}</dl>`,
  );

const STYLE = `:root{color-scheme:light dark;--line:#8886}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}ul.mails{list-style:none;padding:0}ul.mails li{border-top:1px solid var(--line)}ul.mails a{display:grid;gap:.1rem;padding:.7rem 0;color:inherit;text-decoration:none}
ul.mails a:hover strong{text-decoration:underline}ul.mails span,ul.mails time{opacity:.75;font-size:.9rem}
iframe{width:100%;height:80vh;border:1px solid var(--line);background:#fff}pre{white-space:pre-wrap;overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .4rem;overflow-wrap:anywhere}`;

const document = (title: string, body: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title><meta name="robots" content="noindex">${head}<style>${STYLE}</style></head><body>${body}</body></html>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
