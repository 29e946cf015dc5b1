// The same key and attribute as Mantine's colour scheme manager, which takes over once the application runs.
(function () {
  var scheme = null;
  try {
    scheme = localStorage.getItem('sonde-theme');
  } catch {
    // Storage is refused (private mode, embedded frame): the system's preference decides.
  }
  if (scheme !== 'dark' && scheme !== 'light') {
    scheme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  }
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
