import { json } from '../../shared/http/answer.ts';
import { errorFields, log } from '../../shared/log.ts';
import { siteRoute } from '../ports.ts';

/** No item has this key: the cheapest question a table can be asked. */
const NOTHING = { pk: 'HEALTH', sk: 'HEALTH' };

export const healthRoute = siteRoute({
  method: 'GET',
  path: '/healthz',
  access: 'public',
  summary: 'Whether this newsroom is up, and its version',
  answers: { 200: 'It is.', 503: 'It does not reach its tables.' },
  work: async ({ table, house: { version } }) => {
    const headers = { 'cache-control': 'no-store' };
    try {
      await table.get(NOTHING, { consistent: false });
      return json(200, { state: 'ok', version }, headers);
    } catch (error) {
      // A page that says what is wrong is what this address is for.
      log.error('health.failed', errorFields(error));
      return json(503, { state: 'failing', version }, headers);
    }
  },
});
