/** What none of our pages does, so that nothing which gets into one may do it either. */
const powers = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** Headers of every answer over HTTP, of the API and of the dashboard: also of those with an error, and of files. */
export const answerHeaders = {
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': powers.map((power) => `${power}=()`).join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;
