// Scalar's mock server behind the Node server that its documentation uses.
// Usage: node scalar.mjs PORT DOCUMENT
import { readFileSync } from 'node:fs'

import { serve } from '@hono/node-server'
import { createMockServer } from '@scalar/mock-server'

const [port, path] = process.argv.slice(2)
const app = await createMockServer({ document: JSON.parse(readFileSync(path, 'utf8')) })
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(port) })
