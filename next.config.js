/** Headers that every answer carries; the content security policy of pages, with its nonce, is in proxy.ts. */
const everywhere = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  // Invitation and reset links hold secrets in their address: other sites never see it.
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
];

// Cross-origin isolation gives WASM its threads; a page that others embed cannot have it.
const isolation = [
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
  { key: 'X-Frame-Options', value: 'DENY' },
];

/** @type {import('next').NextConfig} */
export default {
  distDir: process.env.NEXT_DIST_DIR || '.next',
  typescript: { tsconfigPath: 'tsconfig.app.json' },
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['@duckdb/node-api', '@duckdb/node-bindings', 'pg-boss', 'pino', 'flydrive'],
  async headers() {
    return [
      { source: '/:path*', headers: everywhere },
      { source: '/((?!embed(?:/|$)).*)', headers: isolation },
      // What people uploaded or trained is never run as a page.
      {
        source: '/api/:path*',
        headers: [{ key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'; sandbox" }],
      },
      // The folder's name holds the version.
      {
        source: '/ort/:path*',
        headers: [{ key: 'Cache-Control', value: 'public, max-age=31536000, immutable' }],
      },
    ];
  },
};
