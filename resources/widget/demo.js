// The demonstration page: what a real website would know at this point, and a few switches in the address.
//   ?open         opens the chat at once          ?theme=dark|light   does not follow the system
//   ?lang=ar      language of page and chat       ?name=…&email=…     as if the visitor had signed in
(() => {
  const asked = new URLSearchParams(location.search);
  const language = asked.get('lang');
  if (language) {
    document.documentElement.lang = language;
    document.documentElement.dir = /^(ar|fa|he|ur)\b/.test(language) ? 'rtl' : 'ltr';
  }
  const theme = asked.get('theme');
  if (theme === 'dark' || theme === 'light')
    document.documentElement.dataset.theme = theme;

  // The queue takes calls before the widget has loaded.
  window.Parley = window.Parley || [];
  window.Parley.push(['setVariables', { Plan: 'Team trial', OrderId: '20391' }]);
  if (asked.has('name') || asked.has('email'))
    window.Parley.push(['setVisitor', { name: asked.get('name') ?? '', email: asked.get('email') ?? '' }]);
  if (asked.has('open'))
    window.Parley.push(['open', { focus: false }]);
  if (theme)
    window.Parley.push(['setTheme', theme]);

  document.addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('[data-chat]'))
      button.addEventListener('click', () => window.Parley.push(['open']));
  });
})();
