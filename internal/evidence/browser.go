package evidence

import (
	"context"
	"errors"
	"math"
	"os"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"factcheck/internal/errs"
	"factcheck/internal/fetch"
)

// Limits of a picture.
const (
	shootTimeout = 45 * time.Second // start, loading and both files
	settleTime   = 6 * time.Second  // at most, for what a page fetches after it has loaded
	quietTime    = 600 * time.Millisecond
	shotWidth    = 1280  // CSS pixels
	shotHeight   = 12000 // of a long page, its beginning
)

// Browser takes pictures of pages with a Chromium that reaches the public
// internet only. Each picture has a process and a profile of its own. It is
// safe for concurrent use, one picture after the other.
type Browser struct {
	path string
	free chan struct{} // one token: a browser needs much memory
}

// NewBrowser returns a Browser that runs the Chromium at path. Invalid if there
// is no such file.
func NewBrowser(path string) (*Browser, error) {
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		return nil, &errs.Error{Op: "evidence.NewBrowser", Kind: errs.Invalid, Msg: "There is no Chromium at " + path + ". Give its path, or none to take no pictures.", Err: err}
	}
	return &Browser{path, make(chan struct{}, 1)}, nil
}

// Shot is what a browser saw.
type Shot struct {
	PNG     []byte // the page as wide as a desk's screen, at most MaxBytes
	MHTML   []byte // the page with its pictures and styles; empty if it is over MaxBytes
	Refused int    // connections to private networks that the page asked for
}

// Shoot opens address, which is public, and takes a picture of it. Errors:
// Upstream if the page cannot be shown in time, Internal if the browser does
// not start, Canceled.
func (b *Browser) Shoot(ctx context.Context, guard fetch.Guard, address string) (Shot, error) {
	const op = "evidence.Shoot"
	select {
	case b.free <- struct{}{}:
		defer func() { <-b.free }()
	case <-ctx.Done():
		return Shot{}, errs.Wrap(op, errs.Canceled, ctx.Err())
	}
	limited, cancel := context.WithTimeout(ctx, shootTimeout)
	defer cancel()
	p, stop, err := startProxy(limited, guard)
	if err != nil {
		return Shot{}, errs.Wrap(op, errs.Internal, err)
	}
	defer stop()
	home, err := os.MkdirTemp("", "factcheck-browser-")
	if err != nil {
		return Shot{}, errs.Wrap(op, errs.Internal, err)
	}
	defer os.RemoveAll(home) //nolint:errcheck // what is left is in a folder for temporary files
	tab, closeTab := chromedp.NewContext(limited, chromedp.WithAllocatorOptions(b.options(p, home)...), chromedp.WithErrorf(func(string, ...any) {}))
	defer closeTab()
	started := chromedp.Do(tab)
	var shot Shot
	if started == nil {
		shot, err = shoot(tab, p, address)
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return Shot{}, errs.Wrap(op, errs.Canceled, ctx.Err())
	case started != nil:
		return Shot{}, &errs.Error{Op: op, Kind: errs.Internal, Msg: "No picture was taken: the browser of the server does not start. Tell whoever runs it.", Err: started}
	case err != nil:
		return Shot{}, &errs.Error{Op: op, Kind: errs.Upstream, Msg: "No picture was taken: the page could not be shown in time.", Err: err}
	}
	shot.Refused = int(p.refused.Load())
	return shot, nil
}

// options keep the browser to the proxy: also for this machine, which browsers
// reach directly unless told otherwise, for WebRTC and for QUIC; no name is
// resolved outside the proxy. It gets none of our environment, in which there
// are passwords.
func (b *Browser) options(p *proxy, home string) []chromedp.ExecAllocatorOption {
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(b.path), chromedp.UserDataDir(home), chromedp.NoInheritEnv,
		chromedp.Env("PATH="+os.Getenv("PATH"), "HOME="+home, "TMPDIR="+home, "LANG=C.UTF-8"),
		chromedp.ProxyServer("http://" + p.address()),
		chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-domain-reliability", true), chromedp.Flag("no-pings", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("mute-audio", true), chromedp.Flag("disable-popup-blocking", false),
		chromedp.DisableGPU,
	}
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium's own sandbox does not work for root
	}
	return opts
}

// shoot loads a page in tab and takes both files.
func shoot(tab context.Context, p *proxy, address string) (Shot, error) {
	dialogs := chromedp.Events(tab, page.JavascriptDialogOpening)
	go func() {
		for _, err := range dialogs {
			if err != nil {
				return
			}
			// A page that cannot be left waits for an answer; it gets no.
			_, _ = chromedp.Call(tab, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}
	}()
	if _, err := chromedp.CallBrowser(tab, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorDeny}); err != nil {
		return Shot{}, err
	}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(shotWidth, 900), chromedp.Navigate(address)); err != nil {
		return Shot{}, err
	}
	if err := settle(tab, p); err != nil {
		return Shot{}, err
	}
	png, err := chromedp.Run(tab, screenshot)
	if err != nil {
		return Shot{}, err
	}
	if len(png) > MaxBytes {
		return Shot{}, errTraffic
	}
	shot := Shot{PNG: png}
	saved, err := chromedp.Call(tab, page.CaptureSnapshot, page.CaptureSnapshotParams{})
	if err == nil && len(saved.Data) <= MaxBytes {
		shot.MHTML = []byte(saved.Data)
	}
	return shot, err
}

// settle waits until the page has stopped fetching, but not for ever.
func settle(ctx context.Context, p *proxy) error {
	end := time.NewTimer(settleTime)
	defer end.Stop()
	look := time.NewTicker(quietTime / 6)
	defer look.Stop()
	for p.quiet() < quietTime {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end.C:
			return nil
		case <-look.C:
		}
	}
	return nil
}

// screenshot is the whole page, or the beginning of a long one. What the page
// says about its own size is not asked of its scripts.
func screenshot(ctx context.Context, t *chromedp.Target) ([]byte, error) {
	m, err := cdp.Call(ctx, t, page.GetLayoutMetrics, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	height := 900.0
	if m.CSSContentSize != nil {
		height = min(max(math.Ceil(m.CSSContentSize.Height), height), shotHeight)
	}
	yes := true
	res, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: page.CaptureScreenshotFormatPng, FromSurface: &yes, CaptureBeyondViewport: &yes,
		Clip: &page.Viewport{Width: shotWidth, Height: height, Scale: 1},
	})
	return res.Data, err
}
