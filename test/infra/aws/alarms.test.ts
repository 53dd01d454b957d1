import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventImpacts } from '../../../infra/aws/impacts.ts';
import { type FunctionSpec, functions, queues } from '../../../infra/topology.ts';
import { resourcesOf } from './drawStack.ts';

const resources = resourcesOf({ alarmsTo: 'ops@example.org' });
const alarms = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
const names = alarms.map(({ Properties }) => String(Properties['AlarmName']));
const runbook = readFileSync('docs/runbook.md', 'utf8');
const headings = [...runbook.matchAll(/^#{2,4} (courant-\S+)$/gm)].map(([, name]) => name);

describe('alarms', () => {
  test('every dead-letter queue has one, and every queue one for its delay', () => {
    const watched = alarms.map(({ Properties }) =>
      JSON.stringify([Properties['MetricName'], Properties['Dimensions']]),
    );
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      if (Type !== 'AWS::SQS::Queue') continue;
      const metric =
        'RedrivePolicy' in Properties ? 'ApproximateAgeOfOldestMessage' : 'ApproximateNumberOfMessagesVisible';
      expect([id, watched.some((one) => one.includes(metric) && one.includes(`"${id}"`))]).toEqual([id, true]);
    }
    expect(names.filter((name) => name.endsWith('-set-aside'))).toHaveLength(
      Object.keys(queues).length + Object.keys(eventImpacts).filter((event) => event.endsWith('-set-aside')).length,
    );
  });

  test('every function has one for its errors, and every one of the minute one for its silence', () => {
    const everyMinute = Object.values<FunctionSpec>(functions).filter(({ trigger }) => 'every' in trigger);
    expect(names.filter((name) => name.endsWith('-errors'))).toHaveLength(Object.keys(functions).length);
    expect(names.filter((name) => name.endsWith('-silent'))).toHaveLength(everyMinute.length);
  });

  test('every one says what it means and tells somebody', () => {
    for (const { Properties } of alarms) {
      expect(String(Properties['AlarmDescription'])).toMatch(/^[A-Z].{20,}\. What to do: docs\/runbook\.md, “courant-/);
      expect(JSON.stringify(Properties['AlarmActions'])).toContain('AlarmsTopic');
    }
    const mails = Object.values(resources).filter(({ Properties }) => Properties['Endpoint'] === 'ops@example.org');
    expect(mails).toHaveLength(1);
  });

  test.each(names)('%s has a heading in the runbook', (name) => {
    expect(headings.filter((heading) => heading === name)).toEqual([name]);
  });

  test('the runbook has no heading for an alarm that is not there', () => {
    expect(headings.filter((heading) => heading !== undefined && !names.includes(heading))).toEqual([]);
  });

  test.each(Object.keys(eventImpacts))('the line %s, which rings an alarm, is logged somewhere', (event) => {
    const sources = readdirSync('functions', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const logged = sources.some((file) => readFileSync(join('functions', file), 'utf8').includes(`'${event}'`));
    expect(logged).toBe(true);
  });
});
