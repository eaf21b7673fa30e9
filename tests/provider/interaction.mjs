// The provider asks who is there: a form with a user name and no password.

import { signInPage } from './pages.mjs';

async function formFields(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** What the person said, in oidc-provider's words; they sign in in the way that is asked for first. */
function outcome(fields, { people, acrValues }, { acr_values: asked }) {
  if (fields.has('cancel')) return { error: 'access_denied', error_description: 'The person cancelled the sign-in.' };
  const username = fields.get('username');
  const acr = asked?.split(' ').find((it) => acrValues.includes(it));
  return people.some((person) => person.username === username) ? { login: { accountId: username, acr } } : null;
}

function showForm(response, people, status, message) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(signInPage(people, message));
}

export async function answerInteraction(provider, settings, request, response) {
  const { people } = settings;
  try {
    const { params } = await provider.interactionDetails(request, response);
    if (request.method !== 'POST') return showForm(response, people, 200);
    const result = outcome(await formFields(request), settings, params);
    if (result === null) return showForm(response, people, 400, 'No such user here.');
    return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch (error) {
    return showForm(response, people, 400, `${error.message}: start again from the page that you wanted.`);
  }
}
