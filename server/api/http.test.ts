import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { attachment, readJson } from './http.ts';

test('a download’s header holds whatever name it is given, on one line, and gives it back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
      const header = attachment(name);
      expect(header).toMatch(/^attachment; filename="[ !#$&-[\]-~]*"; filename\*=UTF-8''[\w.!~%-]*$/);
      expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header);
      expect(decodeURIComponent(header.slice(header.indexOf("''") + 2))).toBe(name.toWellFormed());
    }),
  );
});

test.each(['a\r\nSet-Cookie: x=1', 'a";filename="b', '../../etc/passwd', '日本.csv', "it's (1)*.csv"])(
  'a download named %j cannot break out of its header',
  (name) => {
    expect(attachment(name)).not.toMatch(/[\r\n]/);
    expect(attachment(name).split('"')).toHaveLength(3);
  },
);

const post = (body: string) => new Request('http://localhost/', { method: 'POST', body });

test('a JSON body is read, checked, and bounded', async () => {
  const schema = z.object({ a: z.number() });
  expect(await readJson(post('{"a":1}'), schema)).toEqual({ a: 1 });
  await expect(readJson(post('{"a":'), schema)).rejects.toMatchObject({ code: 'invalid' });
  await expect(readJson(post('{"a":"x"}'), schema)).rejects.toThrow();
  await expect(readJson(post(`{"a":1${' '.repeat(200)}}`), schema, 100)).rejects.toMatchObject({ code: 'too_large' });
});
