package main

import (
	"errors"
	"net/url"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

const startLimit = 60 * time.Second

// serveEtcd serves clients and, as etcd insists, peers; it returns when it can't go on.
func serveEtcd(arguments []string) error {
	if len(arguments) != 3 {
		return errors.New("usage: kubernetes etcd <folder> <url for clients> <url for peers>")
	}
	clients, err := url.Parse(arguments[1])
	if err != nil {
		return err
	}
	peers, err := url.Parse(arguments[2])
	if err != nil {
		return err
	}
	config := embed.NewConfig()
	config.Dir = arguments[0]
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{*clients}, []url.URL{*clients}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{*peers}, []url.URL{*peers}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	// What it keeps is gone with the rehearsal.
	config.UnsafeNoFsync = true
	config.LogLevel = "error"
	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	select {
	case <-server.Server.ReadyNotify():
		return <-server.Err()
	case <-time.After(startLimit):
		return errors.New("etcd did not get ready")
	}
}
