// What the tests have in common: the addresses of the simulator, and how its
// clients log in.
import jsforce from 'jsforce';

export const api = process.env.SOMSIM_API;
export const control = process.env.SOMSIM_CONTROL;
export const username = 'dev@somsim.test';
export const password = 'somsim';

// Nested subqueries need API 58.0 or later; jsforce itself starts at 50.0.
export const version = '60.0';

export const app = { loginUrl: api, clientId: 'somsim', clientSecret: 'somsim' };

// connect logs the integration user in by client credentials, into a sandbox
// of that name when one is given.
export async function connect(sandbox) {
  const clientId = sandbox ? `somsim~${sandbox}` : 'somsim';
  const conn = new jsforce.Connection({ version, oauth2: { ...app, clientId } });
  await conn.authorize({ grant_type: 'client_credentials' });
  return conn;
}

// steer calls the control plane.
export async function steer(method, path, body) {
  const resp = await fetch(`${control}/control/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!resp.ok) throw new Error(`${method} ${path}: ${resp.status} ${await resp.text()}`);
  return resp.json();
}

// consent does what a user does in a browser: opens the page of an
// authorization request, logs in and allows. It returns what the app is told.
export async function consent(url, decision = 'allow') {
  const page = await (await fetch(url)).text();
  const fields = [...page.matchAll(/<input type="hidden" name="(.*?)" value="(.*?)">/g)].map((m) => [m[1], unescaped(m[2])]);
  const action = unescaped(page.match(/<form method="post" action="(.*?)">/)[1]);
  const form = new URLSearchParams([...fields, ['username', username], ['password', password], ['decision', decision]]);
  const resp = await fetch(action, { method: 'POST', body: form, redirect: 'manual' });
  return new URL(resp.headers.get('location')).searchParams;
}

function unescaped(html) {
  return html.replace(/&#(\d+);/g, (_, n) => String.fromCharCode(n)).replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
