import { expect, test } from 'vitest';
import { parseNewsroom, zoneOf } from '../../functions/shared/config.ts';
import { aNewsroom } from '../digest/support/aPress.ts';

const [newsletter] = aNewsroom().newsletters;
const withNewsletter = (over: object) => () =>
  parseNewsroom({ ...aNewsroom(), newsletters: [{ ...newsletter, ...over }] });

test('a cadence goes by the newsletter’s clocks unless it has a zone of its own, and news grows stale after six hours', () => {
  const cadences = { daily: { at: '07:00', timeZone: 'Pacific/Auckland' }, weekly: { on: 'monday', at: '08:00' } };
  const [one] = withNewsletter({ cadences })().newsletters;
  if (!one) throw new Error('newsletter');
  expect([zoneOf(one, 'daily'), zoneOf(one, 'weekly'), one.staleAfterHours]).toEqual(['Pacific/Auckland', 'UTC', 6]);
});

test('a cut-off, a zone or a patience that cannot be is named', () => {
  const daily = (over: object) => withNewsletter({ cadences: { daily: { at: '07:00', ...over } } });
  expect(daily({ cutOff: { hoursBefore: 20 } })().newsletters[0]?.cadences.daily?.cutOff).toEqual({ hoursBefore: 20 });
  // A day later it would lie before the slot of the edition before.
  expect(daily({ cutOff: { hoursBefore: 24 } })).toThrow(
    '“newsletters.0.cadences.daily.cutOff.hoursBefore” is not right: it takes whole hours from 1 to 20.',
  );
  expect(daily({ cutOff: { hoursBefore: 1.5 } })).toThrow('it takes whole hours from 1 to 20');
  expect(daily({ cutOff: {} })).toThrow('“newsletters.0.cadences.daily.cutOff.hoursBefore”');
  expect(daily({ timeZone: 'Mars/Olympus' })).toThrow('it is not a time zone such as Europe/Brussels');
  expect(withNewsletter({ staleAfterHours: 0 })).toThrow('“newsletters.0.staleAfterHours”');
});
