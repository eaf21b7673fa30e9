// The provider's two pages. They look unlike kfwasm's and the dashboard's on purpose: one sees where one is.

const STYLE = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 24rem; margin: 12vh auto; padding: 0 1rem; }
  header { border-left: .4rem solid #b4530a; padding-left: .8rem; margin-bottom: 1.5rem; }
  h1 { font-size: 1.3rem; margin: 0; } header p { margin: 0; opacity: .75; }
  input, button { font: inherit; padding: .5rem .8rem; box-sizing: border-box; width: 100%; margin-top: .5rem; }
  button { cursor: pointer; } ul { padding-left: 1.2rem; } [role=alert] { color: light-dark(#a40000, #ff9b9b); }`;

const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const page = (title, body) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style>
<body><header><h1>${title}</h1><p>the demo's OpenID provider</p></header>${body}</body></html>`;

const described = ({ username, groups }) =>
  `<li><strong>${escaped(username)}</strong> – ${groups.length > 0 ? `groups ${escaped(groups.join(', '))}` : 'no groups'}</li>`;

export const signInPage = (people, message) => page('Sign in', `
${message ? `<p role="alert">${escaped(message)}</p>` : ''}
<form method="post">
  <label>User name <input name="username" autofocus autocomplete="off" autocapitalize="none"></label>
  <button>Sign in</button>
  <button name="cancel" value="yes">Cancel</button>
</form>
<p>No password is asked. Users:</p><ul>${people.map(described).join('')}</ul>`);

/** oidc-provider's `logoutSource`: it brings the form that holds its anti-forgery value. */
export async function signOutPage(ctx, form) {
  ctx.body = page('Sign out', `${form}
<p>Sign out of the provider too?</p>
<button form="op.logoutForm" name="logout" value="yes" autofocus>Yes, sign out</button>
<button form="op.logoutForm">No, stay signed in</button>`);
}
