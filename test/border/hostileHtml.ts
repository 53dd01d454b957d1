import fc from 'fast-check';

const TAGS = [
  ...'p div span b i em strong a img br hr h1 h2 h4 ul ol li dl dt dd blockquote pre code q s sub figure figcaption'.split(
    ' ',
  ),
  ...'table caption thead tbody tfoot tr td th section article header footer details summary font center'.split(' '),
  ...'script style svg math iframe object embed form input textarea select option button template noscript xmp'.split(
    ' ',
  ),
  ...'title head body html link meta base audio video canvas plaintext frameset noframes marquee custom-tag'.split(' '),
];

const ATTRIBUTES = [
  ...['onclick="x()"', 'onerror=alert(1)', 'style="color:red"', 'class=a', 'id="b"', 'hidden', 'srcset="a 1x, b 2x"'],
  ...['href="javascript:alert(1)"', 'href="JaVa&#115;cript:alert(1)"', 'href="/a?b=1&c=2"', 'href="#x"', "href='x\"y'"],
  ...['href="https://a.example/"', 'href="mailto:a@b.example"', 'href="tel:+32 2 1"', 'href="data:text/html,x"'],
  ...[
    'src="https://a.example/i.png"',
    'src="javascript:1"',
    'src="//a.example/i.png"',
    'src="data:image/png;base64,x"',
  ],
  ...['alt="a &quot; b"', 'alt', 'width="10"', 'width="1" height="1"', 'height="100%"', 'dir="RTL"', 'dir=x'],
  ...[
    'lang="fr"',
    'lang="\'><script>"',
    'style="display:none"',
    'xlink:href="javascript:1"',
    'formaction=javascript:1',
  ],
  ...['<', '"', "='", '/'],
];

const TEXTS = [
  ...[
    'river',
    ' quay ',
    '&lt;script&gt;',
    '&amp;lt;b&amp;gt;',
    '&nbsp;',
    '&#0;',
    '&#x202e;',
    '&',
    '<',
    '>',
    '"',
    ']]>',
  ],
  ...[
    '\n',
    '\t\n ',
    'l’eau',
    '東京',
    '\ud83c\udf0a',
    '\ud83c',
    '\u0007',
    '\u200b',
    '<!--',
    '-->',
    '<![CDATA[',
    '<?xml ?>',
  ],
  ...['<!doctype html>', '</', '</p', '</script>', '</textarea>', '{{ x }}', '<mj-raw>'],
];

const attributes = fc.array(fc.constantFrom(...ATTRIBUTES), { maxLength: 3 }).map((all) => all.join(' '));

/** HTML as people who mean harm, and programs that mean none, write it: half open, badly nested, full of surprises. */
export const hostileHtml = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom(...TAGS), attributes).map(([tag, all]) => `<${tag} ${all}>`),
      fc.constantFrom(...TAGS).map((tag) => `</${tag}>`),
      fc.constantFrom(...TEXTS),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

/** HTML as an editor writes it: balanced, with words that can be counted. */
export const honestHtml = fc.letrec<{ blocks: string; block: string; inline: string }>((tie) => ({
  blocks: fc.array(tie('block'), { minLength: 1, maxLength: 4 }).map((all) => all.join('\n')),
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('inline').map((text) => `<p>${text}</p>`),
    tie('inline').map((text) => `<h2>${text}</h2>`),
    tie('inline'),
    fc
      .array(tie('inline'), { minLength: 1, maxLength: 3 })
      .map((all) => `<ul>${all.map((one) => `<li>${one}</li>`).join('')}</ul>`),
    tie('blocks').map((inner) => `<blockquote>${inner}</blockquote>`),
    tie('blocks').map((inner) => `<div class="wide">${inner}</div>`),
    fc
      .tuple(tie('inline'), tie('inline'))
      .map(([one, other]) => `<table><tr><th>${one}</th><td>${other}</td></tr></table>`),
    tie('inline').map((text) => `<figure><img src="/a.png" alt=""><figcaption>${text}</figcaption></figure>`),
  ),
  inline: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('So it began.', 'Nine years', 'l’eau – “clear”', '5 &lt; 7 &amp; 8', 'quay&nbsp;4', 'naïve'),
    tie('inline').map((text) => `<b>${text}</b>`),
    tie('inline').map((text) => `<a href="/x">${text}</a>`),
    tie('inline').map((text) => `<span style="color:red">${text}</span>`),
    fc.tuple(tie('inline'), tie('inline')).map(([one, other]) => `${one} <em>${other}</em><br>${one}`),
  ),
})).blocks;

/** What has run in a reader's browser or mail program somewhere, once. */
export const VECTORS: readonly string[] = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example/x.js></sCrIpT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<script/x>alert(1)</script/x>',
  '<script>alert(1)</script\n>x',
  '<img src=x onerror=alert(1)>',
  '<img src="x" onerror="alert(1)"">',
  '<img/src=x/onerror=alert(1)>',
  '<img src=x:x onerror\n=\nalert(1)>',
  '<img src="javascript:alert(1)">',
  '<img src=`javascript:alert(1)`>',
  '<img srcset="x" onload=alert(1) src="https://a.example/a.png">',
  '<image src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert&#40;1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<xmp><img src=x onerror=alert(1)></xmp>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea></textarea><img src=x onerror=alert(1)></textarea>',
  '<title><a title="</title><img src=x onerror=alert(1)>">',
  '<style><a title="</style><img src=x onerror=alert(1)>">',
  '<plaintext><img src=x onerror=alert(1)>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?><p>x</p>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="data:text/html,<script>alert(1)</script>">',
  '<base href="javascript:alert(1)//"><a href="x">x</a>',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<link rel=stylesheet href="javascript:alert(1)">',
  '<style>@import "javascript:alert(1)";</style>',
  '<div style="background:url(javascript:alert(1))">x</div>',
  '<div style="width:expression(alert(1))">x</div>',
  '<body onload=alert(1)>x',
  '<details open ontoggle=alert(1)>x</details>',
  '<video><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<select autofocus onfocus=alert(1)>',
  '<button formaction="javascript:alert(1)">x</button>',
  '<form action="javascript:alert(1)"><input type=submit></form>',
  '<isindex action="javascript:alert(1)">',
  '<marquee onstart=alert(1)>x</marquee>',
  '<table background="javascript:alert(1)"><tr><td>x</td></tr></table>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="java&#10;script:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="&#x6A;avascript:alert(1)">x</a>',
  '<a href="&#106avascript:alert(1)">x</a>',
  '<a href="javascript&colon;alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
  '<a href="blob:https://a.example/1">x</a>',
  '<a href="view-source:javascript:alert(1)">x</a>',
  '<a href="https://a.example/" onclick="alert(1)" ping="https://evil.example">x</a>',
  '<a href="https://a.example/&quot; onclick=&quot;alert(1)">x</a>',
  "<a href='https://a.example/\"onclick=alert(1)//'>x</a>",
  '<a href=x onmouseover=alert(1) \u000consomething=1>x</a>',
  '<p lang="en&quot; onclick=&quot;alert(1)">x</p>',
  '<img alt="x&quot; onerror=&quot;alert(1)" src="https://a.example/a.png">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<p>&amp;lt;script&amp;gt;alert(1)</p>',
  '<<script>alert(1)//<</script>',
  '<a<b href=x onclick=alert(1)>x</a>',
  '<p <script>alert(1)</script>>x',
  '\u003cimg src=x onerror=alert(1)\u003e',
  '<template><img src=x onerror=alert(1)></template>',
  '<custom-tag onclick=alert(1) contenteditable onfocus=alert(1) tabindex=1>x</custom-tag>',
  '<mj-include path="/etc/passwd" /><mj-raw><script>alert(1)</script></mj-raw>',
];
