// Runs before the first paint, so that a dark page never flashes white. The choice is system, light or dark.
(() => {
  'use strict';
  const key = 'provost.theme';
  const system = matchMedia('(prefers-color-scheme: dark)');
  const listeners = new Set();

  const choice = () => {
    try {
      const stored = localStorage.getItem(key);
      return stored === 'light' || stored === 'dark' ? stored : 'system';
    } catch {
      return 'system';
    }
  };
  const isDark = () => (choice() === 'system' ? system.matches : choice() === 'dark');
  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
    listeners.forEach(listener => listener.invokeMethodAsync('ThemeChanged', isDark()));
  };

  system.addEventListener('change', apply);
  apply();

  globalThis.provost = {
    theme: {
      choice,
      isDark,
      choose(value) {
        try {
          if (value === 'system') localStorage.removeItem(key);
          else localStorage.setItem(key, value);
        } catch { /* Storage is off: the choice holds until the page is closed. */ }
        apply();
      },
      listen(listener) { listeners.add(listener); },
      forget(listener) { listeners.delete(listener); },
    },
    network: {
      listen(listener) {
        addEventListener('online', () => listener.invokeMethodAsync('NetworkChanged', true));
        addEventListener('offline', () => listener.invokeMethodAsync('NetworkChanged', false));
        return navigator.onLine;
      },
    },
    // Whoever comes back to a page, or leaves it open, learns what changed meanwhile.
    visits: {
      listen(listener) {
        const seen = () => document.visibilityState === 'visible' && listener.invokeMethodAsync('PageSeen');
        document.addEventListener('visibilitychange', seen);
        setInterval(seen, 5 * 60 * 1000);
      },
    },
    copy: text => navigator.clipboard.writeText(text),
  };
})();
