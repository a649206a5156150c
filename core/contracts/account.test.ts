import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emailSchema, fileNameSchema, nameSchema, passwordSchema } from './account.ts';

test.each([
  'a\r\nX-Injected: 1',
  'tab\tbed',
  'nul\0',
  'line\u2028separator',
  'evil\u202egpj.exe',
  '',
  '   ',
  'x'.repeat(121),
])('no name: %j', (name) => {
  expect(nameSchema.safeParse(name).success).toBe(false);
});

test.each(['Grüße, 2026 – “Q1”', '日本語', "O'Brien & Söhne", 'emoji 🧪'])('a name: %j', (name) => {
  expect(nameSchema.parse(` ${name} `)).toBe(name);
});

test.each(['../../etc/passwd', 'a/b.csv', 'C:\\a.csv', '..', '.', 'a\nb.csv'])('no file name: %j', (name) => {
  expect(fileNameSchema.safeParse(name).success).toBe(false);
});

test('whatever passes as a name stays on one line of a header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parsed = nameSchema.safeParse(text);
      if (parsed.success) expect(parsed.data).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test('mails are compared in lower case, and passwords are judged by length', () => {
  expect(emailSchema.parse(' Ada@Example.ORG ')).toBe('ada@example.org');
  expect(emailSchema.safeParse('ada@example.org\r\nBcc: all@example.org').success).toBe(false);
  expect(passwordSchema.safeParse('seven c').success).toBe(false);
  expect(passwordSchema.safeParse('eight ch').success).toBe(true);
  expect(passwordSchema.safeParse('x'.repeat(201)).success).toBe(false);
});
