import { expect, test } from 'vitest';
import { parseNewsroom } from '../../functions/shared/config.ts';
import { aNewsroom } from '../digest/support/aPress.ts';

const [newsletter] = aNewsroom().newsletters;
const withNewsletter = (over: object) => () =>
  parseNewsroom({ ...aNewsroom(), newsletters: [{ ...newsletter, ...over }] });

test('a newsroom that says nothing of sending has some readers first, a stop at SES’s limits, and sends nobody twice', () => {
  const { newsletters, mail } = aNewsroom();
  expect(mail).toEqual({});
  expect(newsletters[0]).toMatchObject({
    firstShare: { share: 0.05, atMost: 1000, fromAudience: 2000, waitMinutes: 5 },
    halt: { bounceShare: 0.05, complaintShare: 0.001, bounces: 10, complaints: 3 },
    onUnknown: 'hold',
  });
});

test('a setting of sending that cannot be is named', () => {
  expect(withNewsletter({ firstShare: { share: 5 } })).toThrow('“newsletters.0.firstShare.share”');
  expect(withNewsletter({ halt: { bounces: 0 } })).toThrow('“newsletters.0.halt.bounces”');
  expect(withNewsletter({ halt: { bounce: 0.1 } })).toThrow(
    '“newsletters.0.halt.bounce” is not right: it is not a setting',
  );
  expect(withNewsletter({ onUnknown: 'guess' })).toThrow('“newsletters.0.onUnknown”');
  expect(() => parseNewsroom({ ...aNewsroom(), mail: { reservePerDay: -1 } })).toThrow('“mail.reservePerDay”');
});

test('somebody else cannot approve what nobody has to approve', () => {
  const because = 'somebody else can only approve where “approval” is “required”';
  expect(withNewsletter({ approvalBy: 'someone-else' })).toThrow(
    `newsroom.config.ts: “newsletters.0.approvalBy” is not right: ${because}.`,
  );
  expect(withNewsletter({ approval: 'required', approvalBy: 'someone-else' })).not.toThrow();
});
