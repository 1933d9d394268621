// Starts the application from this release's own files. An import map would have to be inline, which the
// Content-Security-Policy forbids; so the name of dotnet.js, hash included, comes from an attribute.
(() => {
  'use strict';
  const dotnet = new URL(document.currentScript.dataset.dotnet, document.baseURI).href;
  const failed = () => {
    const start = document.querySelector('.start');
    if (!start) return;
    start.setAttribute('aria-busy', 'false');
    start.querySelector('p').textContent = 'The application could not be loaded. Check the connection, then reload the page.';
    start.querySelector('.start-progress').hidden = true;
  };
  Blazor.start({
    // The runtime's own modules are of the same type and carry their hash already.
    loadBootResource: (type, name) => (type === 'dotnetjs' && name === 'dotnet.js' ? dotnet : undefined),
  }).catch(failed);
})();
