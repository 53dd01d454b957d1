/**
 * What our mails use although a mail program does not know it, or only half, by the titles of caniemail.com: each with
 * the reason why its readers lose nothing they need. A mail that uses anything else fails the test.
 */
interface Accepted {
  /** Programs that do not know it. */
  readonly none?: readonly string[];
  /** Makers whose programs know it in part. */
  readonly partial?: readonly string[];
  readonly because: string;
}

/** Outlook of the years to 2021 and Windows Mail: they draw with Word. */
const WORD = ['outlook.windows', 'outlook.windows-mail'];
/** Gmail in a phone’s browser drops stylesheets: what must be, stands in the elements. */
const NO_STYLESHEET = ['gmail.mobile-webmail'];
const YAHOO = ['yahoo.android', 'yahoo.desktop-webmail', 'yahoo.ios'];
const GMAIL_APPS = ['gmail.android', 'gmail.desktop-webmail', 'gmail.ios'];
const OUTLOOK_APPS = ['outlook.android', 'outlook.ios', 'outlook.macos'];

const IN_STYLESHEET =
  'It is in the stylesheet, which only refines what stands in the elements: dark colours, narrower margins, smaller headlines.';
const PREHEADER = 'It helps to hide the preheader, which display:none and a size of 1px hide already.';
const RESET = 'MJML resets what a program may have set; where the reset is not known, nothing was set.';
const FOR_SCREEN_READERS = 'It spares a listener a word or two; without it everything is still read, in order.';

export const ACCEPTED: Readonly<Record<string, Accepted>> = {
  '<style> element': {
    none: NO_STYLESHEET,
    partial: ['gmail', 'outlook'],
    because: IN_STYLESHEET,
  },
  '@media': {
    none: [...NO_STYLESHEET, ...WORD, 'thunderbird.macos'],
    partial: ['gmail', 'outlook', 'yahoo'],
    because: `${IN_STYLESHEET} Without it the column of 600px shrinks with the window all the same.`,
  },
  'Type selector': { none: NO_STYLESHEET, partial: ['gmail'], because: IN_STYLESHEET },
  'Class selector': { none: NO_STYLESHEET, partial: ['gmail'], because: IN_STYLESHEET },
  'ID selector': { none: NO_STYLESHEET, partial: ['gmail'], because: 'MJML’s own reset of `#outlook a`, for Outlook.' },
  'Descendant combinator': { none: NO_STYLESHEET, partial: ['gmail'], because: IN_STYLESHEET },
  'Chaining selectors': {
    none: [...NO_STYLESHEET, ...WORD, 'outlook.outlook-com'],
    partial: ['gmail'],
    because: 'MJML’s own rules for Thunderbird’s columns; ours are one column.',
  },
  ':hover': {
    none: [...NO_STYLESHEET, ...WORD, 'gmail.ios', 'outlook.ios'],
    partial: ['gmail', 'outlook'],
    because: 'A headline is underlined under the mouse; it is a link without that, and a link in words follows.',
  },
  '!important keyword': { partial: ['gmail', 'outlook', 'yahoo'], because: IN_STYLESHEET },
  'color-scheme CSS property': {
    none: [...NO_STYLESHEET, ...YAHOO, ...GMAIL_APPS, ...OUTLOOK_APPS, 'outlook.windows', 'outlook.outlook-com'],
    partial: ['outlook'],
    because: 'Apple’s programs ask it; the others make a mail dark in their own way, or leave it light.',
  },
  'color-scheme meta tag': {
    none: [
      ...[...NO_STYLESHEET, ...YAHOO, ...GMAIL_APPS, ...OUTLOOK_APPS, ...WORD],
      ...['outlook.outlook-com', 'apple-mail.ios'],
    ],
    because: 'The same, said once more for older versions of Apple Mail; elsewhere the property says it.',
  },
  'display:none': { none: NO_STYLESHEET, partial: ['outlook'], because: 'The preheader’s letters are 1px and white.' },
  display: {
    partial: ['gmail', 'outlook', 'yahoo'],
    because: 'Only `block` of pictures and `none` of the preheader; without it a picture has a hair of space below it.',
  },
  opacity: { none: [...NO_STYLESHEET, ...WORD], because: PREHEADER },
  'max-height property': { none: WORD, because: PREHEADER },
  overflow: { none: WORD, partial: ['gmail', 'outlook', 'yahoo', 'apple-mail'], because: PREHEADER },
  'max-width': {
    partial: ['outlook', 'apple-mail'],
    because: 'Word gets its width from a table in a comment that only Word reads.',
  },
  'width property': { partial: ['outlook'], because: 'Word gets it from the attribute, which stands beside it.' },
  'width attribute': { partial: ['outlook'], because: 'In pixels throughout, which is the part that Word knows.' },
  'height property': {
    none: YAHOO,
    partial: ['outlook'],
    because: 'Of pictures: `auto`, and 32px of the logo, which its attribute says too.',
  },
  'height attribute': { partial: ['outlook'], because: 'In pixels throughout, which is the part that Word knows.' },
  '<body> element': {
    none: ['yahoo.android', 'yahoo.ios', 'outlook.macos'],
    partial: ['gmail', 'outlook', 'yahoo'],
    because: 'The ground’s colour is on the outermost block as well.',
  },
  padding: { partial: ['outlook'], because: 'On table cells, where Word knows it.' },
  margin: {
    partial: ['gmail', 'outlook', 'yahoo'],
    because: 'Only 0, `auto` where a table’s `align` says the same, and some air around a small picture.',
  },
  border: { partial: ['outlook'], because: 'Lines of one colour on table cells, which is the part that Word knows.' },
  'border-radius': { none: WORD, partial: ['yahoo'], because: 'Corners are square.' },
  background: {
    partial: ['outlook', 'yahoo'],
    because: 'Plain colours only, and `bgcolor` or `background-color` beside.',
  },
  'line-height': { partial: ['outlook'], because: 'Lines may stand a little wider.' },
  'letter-spacing': { partial: ['outlook'], because: 'Headlines are set a hair wider.' },
  'text-decoration': { partial: ['gmail', 'outlook'], because: 'Headlines may be underlined: they are links.' },
  'text-align': { partial: ['gmail', 'outlook', 'yahoo'], because: 'Left, right and centre are known everywhere.' },
  'font-size': { partial: ['outlook', 'yahoo'], because: 'In pixels, which is the part they know.' },
  'font-weight': { partial: ['outlook', 'yahoo'], because: 'Only bold and normal.' },
  'word-spacing': { none: WORD, partial: ['yahoo'], because: RESET },
  'word-break': {
    none: ['yahoo.android', 'yahoo.desktop-webmail', 'yahoo.ios', 'outlook.windows-mail'],
    partial: ['gmail', 'outlook', 'apple-mail'],
    because: 'A very long word in a narrow window may reach over the edge.',
  },
  outline: { none: WORD, because: RESET },
  direction: { partial: ['gmail'], because: '`dir` on the elements says the same.' },
  'dir attribute': { partial: ['gmail', 'outlook'], because: 'Each block has its direction in its style too.' },
  'lang attribute': { partial: ['yahoo'], because: FOR_SCREEN_READERS },
  'role attribute': { none: ['outlook.windows-mail'], partial: ['yahoo'], because: FOR_SCREEN_READERS },
  'aria-label attribute': {
    none: [...YAHOO, 'outlook.windows-mail', 'thunderbird.macos'],
    because: FOR_SCREEN_READERS,
  },
  'aria-hidden attribute': {
    none: [...YAHOO, 'outlook.windows-mail', 'thunderbird.macos'],
    because: 'A small picture beside a headline is a second link to the same article, without a name of its own.',
  },
  'align attribute': {
    partial: ['outlook'],
    because: 'The style beside it says the same; that of a small picture is the part that Word knows.',
  },
  cursor: {
    none: [...NO_STYLESHEET, ...GMAIL_APPS, ...OUTLOOK_APPS, 'yahoo.ios', 'outlook.outlook-com', 'apple-mail.ios'],
    partial: ['outlook', 'yahoo', 'apple-mail'],
    because: 'MJML’s own, on the edge around a button; the button is a link and has its hand.',
  },
  'target attribute': {
    none: [...NO_STYLESHEET, ...GMAIL_APPS, ...YAHOO, 'outlook.outlook-com'],
    partial: ['outlook', 'apple-mail', 'thunderbird'],
    because: 'MJML’s own: these programs open every link in a new window anyway.',
  },
  'text-transform': { partial: ['outlook'], because: 'Only `none`, on a button.' },
  '<img> element': {
    partial: ['thunderbird'],
    because: 'Thunderbird asks before it loads pictures; each has its words.',
  },
};
